//! Both ways of finding the items, compared.

use std::sync::Arc;

use super::layout::{ItemsStyle, Layout};
use super::{split, whole};
use crate::item::{Item, Shape};

/// See [`crate::fuzzing::paths_agree`].
pub(crate) fn paths_agree(text: &str) -> Result<bool, String> {
    let Some(fast) = split::read(text) else { return Ok(false) };
    let items = view(text, &fast);
    if items.iter().any(Option::is_none) {
        // An item that the fast path cuts but cannot parse is an error when it is read: no wrong answer.
        return Ok(false);
    }
    let whole = whole::read(text).map_err(|error| format!("only the fast path accepts {text:?}: {error}"))?;
    if view(text, &whole) != items {
        return Err(format!("the items differ in {text:?}\n{items:#?}\n{:#?}", view(text, &whole)));
    }
    if fast != whole {
        return Err(format!("the layouts differ in {text:?}\n{fast:#?}\n{whole:#?}"));
    }
    Ok(true)
}

/// What every item says, or `None` where it cannot be read.
fn view(text: &str, layout: &Layout) -> Vec<Option<String>> {
    let shape = if matches!(layout.style, ItemsStyle::Block { .. }) { Shape::Element } else { Shape::Flow };
    let source: Arc<str> = text.into();
    let value = |item: Item| item.value().ok().map(ToString::to_string);
    layout.items.iter().map(|range| value(Item::of_source(&source, range.clone(), shape))).collect()
}
