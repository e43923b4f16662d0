#!/bin/bash
# Puts one static binary into an image FROM scratch and writes it as an archive that `docker load`, `podman load` and
# every tool that knows OCI layouts can read. No engine, base image or network is needed, and the same binary, version and
# commit give the same archive anywhere: a Dockerfile could not promise that, since builders stamp the time of day.
# usage: scripts/image.sh ARCHITECTURE BINARY ENTRYPOINT DESCRIPTION ARCHIVE
# Reads VERSION, REVISION, SOURCE_URL and SOURCE_DATE_EPOCH. Prints `REFERENCE IMAGE-ID DIGEST PACKED-BYTES BYTES`.
set -euo pipefail
cd "$(dirname "$0")/.."

architecture=$1 binary=$2 entrypoint=$3 description=$4 archive=$5
name=$(basename "$binary")
reference=ghcr.io/krmnet/$name:v$VERSION
created=$(date --utc --date="@$SOURCE_DATE_EPOCH" +%Y-%m-%dT%H:%M:%SZ)

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
root=$scratch/root layout=$scratch/layout blobs=$scratch/layout/blobs/sha256
install -d -m 755 "$root" "$root/etc" "$root/usr" "$root/usr/local" "$root/usr/local/bin" "$layout" "$blobs"

digest() { sha256sum "$1" | cut -d ' ' -f 1; }

size() { stat --format=%s "$1"; }

# Stores a file as a blob of the layout and prints its digest.
blob() {
    local digest
    digest=$(digest "$1")
    mv "$1" "$blobs/$digest"
    echo "$digest"
}

# A JSON string.
quoted() { printf '"%s"' "$(sed 's/[\\"]/\\&/g' <<< "$1")"; }

# kpt runs functions as `nobody`, by name.
echo 'nobody:x:65534:65534:nobody:/:/sbin/nologin' > "$root/etc/passwd"
install -m 755 "$binary" "$root$entrypoint"
scripts/pack.sh "$root" etc usr > "$scratch/layer.tar"
unpacked_size=$(size "$scratch/layer.tar")
unpacked_digest=$(digest "$scratch/layer.tar")
gzip -9 --no-name "$scratch/layer.tar"
layer_size=$(size "$scratch/layer.tar.gz")
layer=$(blob "$scratch/layer.tar.gz")

cat > "$scratch/config.json" << JSON
{
  "architecture": "$architecture",
  "os": "linux",
  "created": "$created",
  "config": {
    "User": "65534:65534",
    "Env": ["PATH=/usr/local/bin"],
    "Entrypoint": ["$entrypoint"],
    "WorkingDir": "/",
    "Labels": {
      "org.opencontainers.image.title": "$name",
      "org.opencontainers.image.description": $(quoted "$description"),
      "org.opencontainers.image.source": "$SOURCE_URL",
      "org.opencontainers.image.version": "$VERSION",
      "org.opencontainers.image.revision": "$REVISION",
      "org.opencontainers.image.created": "$created",
      "org.opencontainers.image.licenses": "Apache-2.0"
    }
  },
  "rootfs": {"type": "layers", "diff_ids": ["sha256:$unpacked_digest"]},
  "history": [{"created": "$created", "created_by": "scripts/image.sh"}]
}
JSON
config_size=$(size "$scratch/config.json")
config=$(blob "$scratch/config.json")

cat > "$scratch/manifest.json" << JSON
{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.manifest.v1+json",
  "config": {
    "mediaType": "application/vnd.oci.image.config.v1+json",
    "digest": "sha256:$config",
    "size": $config_size
  },
  "layers": [{
    "mediaType": "application/vnd.oci.image.layer.v1.tar+gzip",
    "digest": "sha256:$layer",
    "size": $layer_size
  }]
}
JSON
manifest_size=$(size "$scratch/manifest.json")
manifest=$(blob "$scratch/manifest.json")

echo '{"imageLayoutVersion": "1.0.0"}' > "$layout/oci-layout"
cat > "$layout/index.json" << JSON
{
  "schemaVersion": 2,
  "mediaType": "application/vnd.oci.image.index.v1+json",
  "manifests": [{
    "mediaType": "application/vnd.oci.image.manifest.v1+json",
    "digest": "sha256:$manifest",
    "size": $manifest_size,
    "platform": {"architecture": "$architecture", "os": "linux"},
    "annotations": {
      "io.containerd.image.name": "$reference",
      "org.opencontainers.image.ref.name": "v$VERSION"
    }
  }]
}
JSON
# What engines older than OCI layouts read.
cat > "$layout/manifest.json" << JSON
[{"Config": "blobs/sha256/$config", "RepoTags": ["$reference"], "Layers": ["blobs/sha256/$layer"]}]
JSON

mkdir -p "$(dirname "$archive")"
scripts/pack.sh "$layout" oci-layout index.json manifest.json blobs > "$archive"
echo "$reference sha256:$config sha256:$manifest $layer_size $unpacked_size"
