//! The rules, checked on the JSON text.
//!
//! All checks read the JSON as the plugins do (keys in any case, the last of two counts) and never the types of
//! [`crate::NetworkConfig`], so they can vouch for text of any origin.

mod addresses;
mod document;
mod keys;
mod next_hop;
mod plugin;
mod report;
mod routes;

use crate::config::NetworkConfig;
use crate::json::{self, Node, excerpt};
use crate::violation::{Rule, Violation};
use report::Report;
use serde_json::Value;

/// Checks a configuration against every [`Rule`]; a default route is a violation.
///
/// ```
/// let violations = cni::check(&cni::NetworkConfig::default());
/// assert_eq!(violations[0].code(), "cni-plugins-missing");
/// ```
#[must_use]
pub fn check(config: &NetworkConfig) -> Vec<Violation> {
    Checker::default().check(config)
}

/// Checks the text of a `spec.config`, single or list, against every [`Rule`]; a default route is a violation.
///
/// ```
/// let violations = cni::check_text(r#"{"cniVersion":"0.3.1","vlan":100}"#);
/// let codes: Vec<_> = violations.iter().map(cni::Violation::code).collect();
/// assert_eq!(codes, ["cni-unknown-key", "cni-plugins-missing"]);
/// ```
#[must_use]
pub fn check_text(text: &str) -> Vec<Violation> {
    Checker::default().check_text(text)
}

/// The checks with their one choice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Checker {
    /// Whether a default route was requested; see [`Rule::DefaultRoute`].
    pub default_route: bool,
}

impl Checker {
    /// As [`check`].
    #[must_use]
    pub fn check(&self, config: &NetworkConfig) -> Vec<Violation> {
        self.check_value(&config.to_value(), Report::default())
    }

    /// As [`check_text`].
    #[must_use]
    pub fn check_text(&self, text: &str) -> Vec<Violation> {
        match json::parse(text) {
            Ok(document) => {
                let mut report = Report::default();
                for path in document.duplicates {
                    report.add_at(Rule::DuplicateKey, path, "the key twice", "it once");
                }
                self.check_value(&document.value, report)
            }
            Err(error) => {
                let found = if text.trim().is_empty() {
                    "an empty text".to_owned()
                } else {
                    format!("{} ({error})", excerpt(text))
                };
                let mut report = Report::default();
                report.add_at(Rule::ConfigNotJson, ".", found, "a JSON object");
                report.finish()
            }
        }
    }

    fn check_value(&self, value: &Value, mut report: Report) -> Vec<Violation> {
        document::check(&Node::root(value), *self, &mut report);
        report.finish()
    }
}
