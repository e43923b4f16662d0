//! How messages call things: by kind, name and file, so that whoever reads them knows where to look.

use ipam::{Claim, Holder, Key, Owner, Plan, Pool, PoolRef, Role};
use ipnet::IpNet;
use krm::{Finding, ItemId, ResourceList};

use crate::read::Tree;

/// What is known while messages are written.
#[derive(Clone, Copy)]
pub(super) struct Names<'a> {
    pub(super) list: &'a ResourceList,
    pub(super) tree: &'a Tree,
    pub(super) plan: &'a Plan,
}

/// By which of its fields a claim states an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stated {
    Prefix,
    Index,
    Status,
    Nothing,
}

impl Stated {
    pub(super) fn by(claim: &Claim) -> Self {
        match claim {
            Claim { prefix: Some(_), .. } => Self::Prefix,
            Claim { index: Some(_), .. } => Self::Index,
            Claim { status: Some(_), .. } => Self::Status,
            _ => Self::Nothing,
        }
    }

    /// The field that a statement of a claim stands in.
    pub(super) fn in_role(role: Role) -> Self {
        match role {
            Role::Static => Self::Prefix,
            Role::Index => Self::Index,
            Role::Status | Role::New | Role::Prefix | Role::Gateway => Self::Status,
        }
    }

    pub(super) fn field(self) -> &'static str {
        match self {
            Self::Prefix => "spec.prefix",
            Self::Index => "spec.index",
            Self::Status => "status.prefix",
            Self::Nothing => "spec",
        }
    }
}

impl<'a> Names<'a> {
    pub(super) fn claim(&self, at: usize) -> Option<&'a Claim> {
        self.tree.input.claims.get(at)
    }

    pub(super) fn pool(&self, at: usize) -> Option<&'a Pool> {
        self.tree.input.pools.get(at)
    }

    fn claim_item(&self, at: usize) -> Option<ItemId> {
        self.tree.claims.get(at).copied()
    }

    fn pool_item(&self, at: usize) -> Option<ItemId> {
        self.tree.pools.get(at).map(|statement| statement.item)
    }

    /// `IPPrefix upf/n3-pool`.
    fn object(&self, item: Option<ItemId>) -> String {
        let Some(item) = item.and_then(|id| self.list.get(id)) else { return String::new() };
        match item.namespace() {
            "" => format!("{} {}", item.kind(), item.name()),
            namespace => format!("{} {namespace}/{}", item.kind(), item.name()),
        }
    }

    /// `pools.yaml`, from the outermost package.
    fn file(&self, item: Option<ItemId>) -> Option<String> {
        let item = self.list.get(item?)?;
        let file = self.tree.packages.file_of(item)?;
        Some(match item.origin().index {
            None | Some(0) => file,
            Some(index) => format!("{file}, document {}", u64::from(index).saturating_add(1)),
        })
    }

    fn with_file(&self, text: &str, item: Option<ItemId>, field: Option<&str>) -> String {
        match (self.file(item), field) {
            (Some(file), Some(field)) => format!("{text} ({file}: {field})"),
            (Some(file), None) => format!("{text} ({file})"),
            (None, Some(field)) => format!("{text} ({field})"),
            (None, None) => text.to_owned(),
        }
    }

    /// The finding, about a claim.
    pub(super) fn about_claim(&self, finding: Finding, at: usize) -> Finding {
        match self.claim_item(at) {
            Some(item) => self.list.about(finding, item),
            None => finding,
        }
    }

    /// `IPClaim upf/n3 (claims.yaml)`.
    pub(super) fn claim_with_file(&self, at: usize) -> String {
        let item = self.claim_item(at);
        self.with_file(&self.object(item), item, None)
    }

    /// `IPPrefix n3-pool 10.1.3.0/24 (pools.yaml)`.
    pub(super) fn pool_with_file(&self, at: usize) -> String {
        let item = self.pool_item(at);
        let prefix = self.pool(at).map(|pool| pool.prefix.trunc().to_string()).unwrap_or_default();
        self.with_file(&format!("{} {prefix}", self.object(item)), item, None)
    }

    /// Who serves, shortly: `IPPrefix n3-pool`, or `the block of IPClaim links`.
    pub(super) fn server(&self, pool: PoolRef) -> String {
        match pool {
            PoolRef::Pool(at) => self.object(self.pool_item(at)),
            PoolRef::Block(at) => format!("the block of {}", self.object(self.claim_item(at))),
        }
    }

    /// Who serves, with prefix and file.
    pub(super) fn server_with_file(&self, pool: PoolRef) -> String {
        match pool {
            PoolRef::Pool(at) => self.pool_with_file(at),
            PoolRef::Block(at) => {
                let block = self.block(at).map(|block| format!("{block} ")).unwrap_or_default();
                format!("the block {block}of {}", self.claim_with_file(at))
            }
        }
    }

    /// The item that states a pool.
    pub(super) fn server_item(&self, pool: PoolRef) -> Option<ItemId> {
        match pool {
            PoolRef::Pool(at) => self.pool_item(at),
            PoolRef::Block(at) => self.claim_item(at),
        }
    }

    /// The identity of the object that states a pool.
    pub(super) fn key(&self, pool: PoolRef) -> Option<&'a Key> {
        match pool {
            PoolRef::Pool(at) => self.pool(at).map(|pool| &pool.key),
            PoolRef::Block(at) => self.claim(at).map(|claim| &claim.key),
        }
    }

    /// The prefix of a pool.
    pub(super) fn prefix(&self, pool: PoolRef) -> Option<IpNet> {
        match pool {
            PoolRef::Pool(at) => self.pool(at).map(|pool| pool.prefix.trunc()),
            PoolRef::Block(at) => self.block(at),
        }
    }

    /// The block of a claim: given in this run, or stated before.
    fn block(&self, at: usize) -> Option<IpNet> {
        let given = self.plan.outcomes.get(at).and_then(|outcome| outcome.verdict.status());
        let claim = self.claim(at)?;
        let stated = || claim.prefix.or(claim.status.map(|status| status.prefix));
        given.map(|status| status.prefix).or_else(stated).map(|block| block.trunc())
    }

    /// Who holds something, and by which field: `IPClaim upf/n6 (claims.yaml: status.prefix)`.
    pub(super) fn holder(&self, holder: Holder) -> String {
        match holder.owner {
            Owner::Claim(at) => {
                let field = match holder.role {
                    Role::Static => "spec.prefix",
                    Role::Index => "spec.index",
                    Role::New => "given in this run",
                    Role::Status | Role::Prefix | Role::Gateway => "status.prefix",
                };
                let item = self.claim_item(at);
                self.with_file(&self.object(item), item, Some(field))
            }
            Owner::Pool(at) => match self.tree.pools.get(at) {
                Some(statement) => {
                    let item = Some(statement.item);
                    let text = match holder.role {
                        Role::Gateway => format!("the gateway of {}", self.object(item)),
                        _ => self.object(item),
                    };
                    self.with_file(&text, item, Some(&statement.field))
                }
                None => String::new(),
            },
        }
    }
}

/// What a claim asks for: `an ipv4 address of kind network`, `a /24 block of kind pool`, `10.1.3.50/24 of kind network`.
pub(super) fn asked(claim: &Claim) -> String {
    if let Some(prefix) = claim.prefix {
        return match claim.create_prefix {
            true => format!("the block {} of kind {}", prefix.trunc(), claim.kind),
            false => format!("{prefix} of kind {}", claim.kind),
        };
    }
    let label = claim.selector.match_labels.get(api::labels::ADDRESS_FAMILY);
    let family = claim.family.map(ipam::Family::as_str).or(label.map(String::as_str));
    let kind = claim.kind;
    match (claim.prefix_length.filter(|_| claim.create_prefix), family) {
        (Some(length), None) => format!("a /{length} block of kind {kind}"),
        (Some(length), Some(family)) => format!("an {family} /{length} block of kind {kind}"),
        (None, None) => format!("an address of kind {kind}"),
        (None, Some(family)) => format!("an {family} address of kind {kind}"),
    }
}
