//! Good and bad specs of each kind.

use serde_json::{Value, json};

use crate::server::Server;

#[test]
fn bad_objects_are_refused() {
    let server = Server::new();
    let ipam = "ipam.resource.nephio.org/v1alpha1";
    let vlan = "vlan.resource.nephio.org/v1alpha1";
    let infra = "infra.nephio.org/v1alpha1";
    let own = "fn.krmnet.dev/v1alpha1";
    let ni = json!({"name": "vpc"});
    for (api_version, kind, good, bad) in [
        (
            ipam,
            "IPClaim",
            json!({"networkInstance": ni, "kind": "network", "prefix": "10.0.0.2/24", "labels": null}),
            vec![
                json!({"kind": "network"}),
                json!({"networkInstance": {}}),
                json!({"networkInstance": ni, "kind": "Network"}),
                json!({"networkInstance": ni, "prefix": "x10.0.0.2/24"}),
                json!({"networkInstance": ni, "prefix": "10.0.0.2/33"}),
                json!({"networkInstance": ni, "prefix": "10.0.0.02/24"}),
                json!({"networkInstance": ni, "prefixLength": "24"}),
                json!({"networkInstance": ni, "addressFamily": "IPv4"}),
                json!({"networkInstance": ni, "index": -1}),
                json!({"networkInstance": ni, "selector": {"matchExpressions": [{"key": "a", "operator": "in"}]}}),
            ],
        ),
        (
            ipam,
            "IPPrefix",
            json!({"networkInstance": ni, "prefix": "2001:db8::1/64"}),
            vec![json!({"networkInstance": ni}), json!({"networkInstance": ni, "prefix": "2001:db8::/129"})],
        ),
        (ipam, "NetworkInstance", json!({"prefixes": []}), vec![json!({"prefixes": [{"prefix": "10.0.0.0"}]})]),
        (
            vlan,
            "VLANClaim",
            json!({"vlanIndex": ni, "vlanID": 100}),
            vec![json!({}), json!({"vlanIndex": ni, "vlanID": 4095}), json!({"vlanIndex": ni, "vlanID": "100"})],
        ),
        (vlan, "VLANIndex", json!(null), vec![json!({"labels": {"a": 1}})]),
        (
            "req.nephio.org/v1alpha1",
            "Interface",
            json!({"networkInstance": ni, "ipFamilyPolicy": "dual-stack"}),
            vec![json!({"cniType": "macvlan"}), json!({"networkInstance": ni, "ipFamilyPolicy": "both"})],
        ),
        (
            infra,
            "Network",
            json!({"topology": "t", "bridgeDomains": [], "routingTables": [{"name": "vpc", "prefixes": null}]}),
            vec![json!({"routingTables": [{"prefixes": []}]})],
        ),
        (infra, "WorkloadCluster", json!({"clusterName": "edge01"}), vec![json!({"cnis": "macvlan"})]),
        (own, "InterfaceFn", json!({"strict": true}), vec![json!({"strict": "maybe"})]),
        (own, "IpamFn", json!({"order": "best-fit", "strict": "yes"}), vec![json!({"order": "highest"})]),
        (own, "NadFn", json!({"masterInterface": "ens3"}), vec![json!({"masterInterface": 3})]),
        (own, "VlanFn", json!({"conflict": "Reallocate"}), vec![json!({"conflict": "reallocate"})]),
    ] {
        let object = |spec: &Value| json!({"apiVersion": api_version, "kind": kind, "metadata": {}, "spec": spec});
        let refusals = |spec: &Value| server.kind(&object(spec)).unwrap().refusals(&object(spec));
        assert_eq!(refusals(&good), [], "{kind} {good}");
        for spec in bad {
            assert_ne!(refusals(&spec), [], "{kind} {spec}");
        }
    }
}
