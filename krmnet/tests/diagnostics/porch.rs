//! Objects of Porch on the pages have the fields that kpt's design of PackageVariant and PackageVariantSet gives them, no others.

use serde_json::Value;

use crate::blocks::documents;

const GROUP: &str = "config.porch.kpt.dev";

const UPSTREAM: &[&str] = &["repo", "package", "revision"];
const PIPELINE: &[&str] = &["mutators", "validators"];

/// The fields of an object: where, and which. `*` in a path is each entry of a list.
type Fields = &'static [(&'static str, &'static [&'static str])];

const PACKAGE_VARIANT: Fields = &[
    (
        "spec",
        &[
            "upstream",
            "downstream",
            "adoptionPolicy",
            "deletionPolicy",
            "labels",
            "annotations",
            "packageContext",
            "pipeline",
            "injectors",
        ],
    ),
    ("spec/upstream", UPSTREAM),
    ("spec/downstream", &["repo", "package"]),
    ("spec/packageContext", &["data", "removeKeys"]),
    ("spec/pipeline", PIPELINE),
    ("spec/injectors/*", &["group", "version", "kind", "name"]),
];

const PACKAGE_VARIANT_SET: Fields = &[
    ("spec", &["upstream", "targets"]),
    ("spec/upstream", UPSTREAM),
    ("spec/targets/*", &["repositories", "repositorySelector", "objectSelector", "template"]),
    ("spec/targets/*/repositorySelector", &["matchLabels", "matchExpressions"]),
    (
        "spec/targets/*/template",
        &[
            "downstream",
            "adoptionPolicy",
            "deletionPolicy",
            "labels",
            "labelExprs",
            "annotations",
            "annotationExprs",
            "packageContext",
            "pipeline",
            "injectors",
        ],
    ),
    ("spec/targets/*/template/pipeline", PIPELINE),
    ("spec/targets/*/template/injectors/*", &["group", "version", "kind", "name", "nameExpr"]),
];

/// Whether an object is one of Porch's; an error names a field that its kind has not.
pub(crate) fn check(document: &Value) -> Result<(), String> {
    let text = |field: &str| document.get(field).and_then(Value::as_str).unwrap_or_default();
    let fields = match (text("apiVersion").split_once('/'), text("kind")) {
        // Nobody here knows its fields for sure, as its page says.
        (Some((GROUP, "v1alpha1")), "FunctionConfig") => return Ok(()),
        (Some((GROUP, "v1alpha1")), "PackageVariant") => PACKAGE_VARIANT,
        (Some((GROUP, "v1alpha2")), "PackageVariantSet") => PACKAGE_VARIANT_SET,
        (Some((GROUP, _)), kind) => return Err(format!("what is {kind} in {}?", text("apiVersion"))),
        _ => return Ok(()),
    };
    for (path, known) in fields {
        let places = path.split('/').fold(vec![document], step);
        let found = places.into_iter().filter_map(Value::as_object).flat_map(|object| object.keys());
        if let Some(field) = found.into_iter().find(|field| !known.contains(&field.as_str())) {
            return Err(format!("{path} has no field {field}"));
        }
    }
    Ok(())
}

/// What lies one step further down a path.
fn step<'d>(places: Vec<&'d Value>, name: &str) -> Vec<&'d Value> {
    let below = |place: &'d Value| match name {
        "*" => place.as_array().into_iter().flatten().collect::<Vec<_>>(),
        _ => place.get(name).into_iter().collect(),
    };
    places.into_iter().flat_map(below).collect()
}

#[test]
fn a_field_that_porch_has_not_is_found() {
    for (object, fault) in [
        (
            "apiVersion: config.porch.kpt.dev/v1alpha1\nkind: PackageVariant\nspec: {upstream: {tag: v1}}",
            "no field tag",
        ),
        (
            "apiVersion: config.porch.kpt.dev/v1alpha2\nkind: PackageVariantSet\nspec: {targets: [{template: {injectors: [{nam: \
             a}]}}]}",
            "no field nam",
        ),
        ("apiVersion: config.porch.kpt.dev/v1alpha1\nkind: PackageVariantSet\n", "what is PackageVariantSet"),
    ] {
        let document = documents(object).unwrap().remove(0);
        let found = check(&document).unwrap_err();
        assert!(found.contains(fault), "{found}");
    }
}
