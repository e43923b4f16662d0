//! One result of a function: what is wrong or worth knowing, where it stands and what to do about it.
//!
//! A finding becomes an entry of the ResourceList's `results` ([`Finding::to_value`]) and a line on stderr
//! ([`Finding::to_text`]). Its code stands in `tags` and, because kpt's command line shows no tags, in brackets at the end
//! of the message as well.
//!
//! Findings keep the order in which they were reported, except that errors come before warnings and warnings before
//! infos: kpt shows only the first few results unless it is asked for all of them. [`in_order`] is that order.

use std::fmt;

use serde_json::{Map, Value, json};

use crate::place::{Field, FileRef, ObjectRef};

/// How bad a finding is. The order of the variants is the order of display.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The inputs contradict each other: the function fails and nothing is written.
    Error,
    /// An input has not arrived yet, or a user should look: the function succeeds.
    Warning,
    /// For the record.
    Info,
}

impl Severity {
    /// The spelling in `results`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One result of a function; small enough (object and field are boxed) to be the error of a `Result`.
///
/// ```
/// use krm::{Field, Finding};
///
/// let finding = Finding::error("prefix-malformed", "`10.1.3.0/33` is not a prefix: an IPv4 length is 0 to 32")
///     .field(Field::new("spec.prefix").current("10.1.3.0/33"));
/// assert_eq!(
///     finding.to_text(),
///     "[error] spec.prefix: `10.1.3.0/33` is not a prefix: an IPv4 length is 0 to 32 [prefix-malformed]",
/// );
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Stable kebab-case name of this sort of finding; its heading in the diagnostics reference.
    pub code: &'static str,
    /// What was found, what was expected, what to do. Without the code.
    pub message: String,
    /// The object at fault.
    pub object: Option<Box<ObjectRef>>,
    /// The field at fault.
    pub field: Option<Box<Field>>,
    /// The file that holds the object.
    pub file: Option<FileRef>,
}

impl Finding {
    /// A finding about nothing in particular yet; the methods below say what it is about.
    #[must_use]
    pub fn new(severity: Severity, code: &'static str, message: impl Into<String>) -> Self {
        Self { severity, code, message: message.into(), object: None, field: None, file: None }
    }

    /// See [`Severity::Error`].
    #[must_use]
    pub fn error(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// See [`Severity::Warning`].
    #[must_use]
    pub fn warning(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// See [`Severity::Info`].
    #[must_use]
    pub fn info(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(Severity::Info, code, message)
    }

    /// Names the object at fault; `None` leaves it unnamed.
    #[must_use]
    pub fn object(mut self, object: impl Into<Option<ObjectRef>>) -> Self {
        self.object = object.into().map(Box::new);
        self
    }

    /// Names the field at fault: a bare path or a [`Field`] with values.
    #[must_use]
    pub fn field(mut self, field: impl Into<Field>) -> Self {
        self.field = Some(Box::new(field.into()));
        self
    }

    /// Names the file at fault; `None` leaves it unnamed.
    #[must_use]
    pub fn file(mut self, file: impl Into<Option<FileRef>>) -> Self {
        self.file = file.into();
        self
    }

    /// Whether the function must fail.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// The finding in the shape of a ResourceList result.
    ///
    /// Every value of `field` is a string: Porch decodes them into strings and fails the whole render otherwise.
    #[must_use]
    pub fn to_value(&self) -> Value {
        let mut result = Map::new();
        result.insert("message".into(), self.message_with_code().into());
        result.insert("severity".into(), self.severity.as_str().into());
        if let Some(object) = &self.object {
            let mut reference = Map::new();
            reference.insert("apiVersion".into(), object.api_version.as_str().into());
            reference.insert("kind".into(), object.kind.as_str().into());
            reference.insert("name".into(), object.name.as_str().into());
            if let Some(namespace) = &object.namespace {
                reference.insert("namespace".into(), namespace.as_str().into());
            }
            result.insert("resourceRef".into(), reference.into());
        }
        if let Some(field) = &self.field {
            let mut shape = Map::new();
            shape.insert("path".into(), field.path.as_str().into());
            if let Some(current) = &field.current {
                shape.insert("currentValue".into(), current.as_str().into());
            }
            if let Some(proposed) = &field.proposed {
                shape.insert("proposedValue".into(), proposed.as_str().into());
            }
            result.insert("field".into(), shape.into());
        }
        if let Some(file) = &self.file {
            let mut shape = Map::new();
            shape.insert("path".into(), file.path.as_str().into());
            if let Some(index) = file.index {
                shape.insert("index".into(), index.into());
            }
            result.insert("file".into(), shape.into());
        }
        result.insert("tags".into(), json!({ "code": self.code }));
        result.into()
    }

    /// The finding for a reader at a terminal, in kpt's look, plus the file:
    /// `[error] v1/ConfigMap/ns/a data.k: message [code] (a.yaml)`.
    ///
    /// The further lines of a long message are indented. Control characters are escaped, so that no text from a package
    /// can drive the terminal. No final newline.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut text = format!("[{}]", self.severity);
        if let Some(object) = &self.object {
            text.push_str(&format!(" {object}"));
        }
        if let Some(field) = &self.field {
            text.push_str(&format!(" {}", field.path));
        }
        if self.object.is_some() || self.field.is_some() {
            text.push(':');
        }
        text.push(' ');
        text.push_str(&self.message_with_code());
        if let Some(file) = &self.file {
            text.push_str(&format!(" ({file})"));
        }
        printable(&text)
    }

    fn message_with_code(&self) -> String {
        format!("{} [{}]", self.message.trim_end(), self.code)
    }
}

/// The findings in the order of display: errors, warnings, infos; within one severity as reported.
#[must_use]
pub fn in_order(findings: &[Finding]) -> Vec<&Finding> {
    let mut ordered: Vec<&Finding> = findings.iter().collect();
    ordered.sort_by_key(|finding| finding.severity);
    ordered
}

/// Text for a terminal: the second and further lines indented, control characters escaped, so that no text from a package
/// can drive the terminal.
#[must_use]
pub fn printable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\n    "),
            c if c.is_control() => out.extend(c.escape_default()),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim() -> ObjectRef {
        ObjectRef {
            api_version: "ipam.resource.nephio.org/v1alpha1".into(),
            kind: "IPClaim".into(),
            namespace: Some("upf".into()),
            name: "n3".into(),
        }
    }

    #[test]
    fn a_full_finding_has_every_part_of_a_result() {
        let finding = Finding::error("prefix-malformed", "not a prefix")
            .object(claim())
            .field(Field::new("spec.prefix").current("10.1.3.0/33").proposed("10.1.3.0/24"))
            .file(FileRef::new("claims.yaml").index(2));
        let expected = r#"{"message":"not a prefix [prefix-malformed]","severity":"error",
            "resourceRef":{"apiVersion":"ipam.resource.nephio.org/v1alpha1","kind":"IPClaim","name":"n3","namespace":"upf"},
            "field":{"path":"spec.prefix","currentValue":"10.1.3.0/33","proposedValue":"10.1.3.0/24"},
            "file":{"path":"claims.yaml","index":2},"tags":{"code":"prefix-malformed"}}"#
            .replace("\n            ", "");
        assert_eq!(finding.to_value().to_string(), expected);
        assert_eq!(
            finding.to_text(),
            "[error] ipam.resource.nephio.org/v1alpha1/IPClaim/upf/n3 spec.prefix: not a prefix [prefix-malformed] \
             (claims.yaml, document 3)"
        );
    }

    #[test]
    fn absent_parts_are_left_out() {
        let finding = Finding::info("no-resources", "nothing to do").object(None).file(None);
        assert_eq!(
            finding.to_value().to_string(),
            r#"{"message":"nothing to do [no-resources]","severity":"info","tags":{"code":"no-resources"}}"#
        );
        assert_eq!(finding.to_text(), "[info] nothing to do [no-resources]");
    }

    #[test]
    fn an_object_without_namespace_and_the_first_document_are_named_shortly() {
        let object = ObjectRef { namespace: None, ..claim() };
        let finding = Finding::warning("no-pool", "no pool").object(object).file(FileRef::new("a.yaml").index(0));
        assert_eq!(
            finding.to_text(),
            "[warning] ipam.resource.nephio.org/v1alpha1/IPClaim/n3: no pool [no-pool] (a.yaml)"
        );
        assert_eq!(finding.to_value()["resourceRef"].get("namespace"), None, "kpt shows an empty namespace as `//`");
    }

    #[test]
    fn the_text_indents_further_lines_and_escapes_control_characters() {
        let finding = Finding::warning("pool-full", "full:\n- a \u{1b}[31m\tb\n");
        assert_eq!(finding.to_text(), "[warning] full:\n    - a \\u{1b}[31m\\tb [pool-full]");
        assert_eq!(finding.to_value()["message"], "full:\n- a \u{1b}[31m\tb [pool-full]");
    }

    #[test]
    fn errors_come_first_and_the_order_of_report_is_kept() {
        let findings = [
            Finding::info("a", "1"),
            Finding::error("b", "2"),
            Finding::warning("c", "3"),
            Finding::error("a", "4"),
            Finding::info("a", "0"),
        ];
        let order: Vec<&str> = in_order(&findings).into_iter().map(|finding| finding.message.as_str()).collect();
        assert_eq!(order, ["2", "4", "3", "1", "0"]);
    }

    #[test]
    fn the_largest_index_does_not_overflow() {
        assert_eq!(FileRef::new("a").index(u32::MAX).to_string(), "a, document 4294967296");
    }
}
