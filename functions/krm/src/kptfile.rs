//! Conditions of a Kptfile (`status.conditions`), read and changed as a batch.
//!
//! kpt, Porch and Nephio's controllers read these conditions, and people write some of them by hand. So only what changed
//! is changed: the other fields of an entry, its key order, its place and every other entry stay as they are. What an
//! entry says twice in a batch counts once: a condition set to what it was, or removed and set again, has not changed or
//! moved. Time and memory are linear in the number of conditions.

use std::collections::HashMap;

use serde_json::{Map, Value};

/// The status of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Nobody can tell.
    Unknown,
}

impl Status {
    /// The spelling in a Kptfile.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::True => "True",
            Status::False => "False",
            Status::Unknown => "Unknown",
        }
    }
}

/// What a condition says. An empty reason or message is an absent one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Condition {
    /// As it stands in the Kptfile: a [`Status`], but people may have written anything. Empty if absent.
    pub status: String,
    /// Nephio's functions put the owner of the conditioned object here.
    pub reason: Option<String>,
    /// For people, and compared literally by Nephio's controllers.
    pub message: Option<String>,
}

impl Condition {
    /// Whether the status is `True`.
    #[must_use]
    pub fn is_true(&self) -> bool {
        self.status == Status::True.as_str()
    }

    /// Whether the status is `False`. Neither true nor false is unknown.
    #[must_use]
    pub fn is_false(&self) -> bool {
        self.status == Status::False.as_str()
    }

    fn new(status: Status, reason: Option<&str>, message: Option<&str>) -> Self {
        let given = |text: Option<&str>| text.filter(|t| !t.is_empty()).map(str::to_owned);
        Self { status: status.as_str().to_owned(), reason: given(reason), message: given(message) }
    }

    fn read(entry: &Map<String, Value>) -> Self {
        let read = |key| entry.get(key).and_then(text).filter(|text| !text.is_empty());
        Self { status: read("status").unwrap_or_default(), reason: read("reason"), message: read("message") }
    }
}

/// Why the conditions of a Kptfile cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConditionsError {
    /// `status` is neither a mapping nor empty.
    #[error("Kptfile: status is not a mapping; remove it or write `status: {{}}`")]
    Status,
    /// `status.conditions` is neither a list nor empty.
    #[error("Kptfile: status.conditions is not a list; remove it or write `conditions: []`")]
    Conditions,
}

/// The conditions of one Kptfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conditions {
    /// Those of the document, at their positions there, and behind them the new ones in the order of first mention.
    entries: Vec<Entry>,
    /// How many of the entries stand in the document.
    read: usize,
    /// Every position of a type, in order. Only the first one is looked up and changed.
    positions: HashMap<String, Vec<usize>>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Entry {
    /// The condition's type; `None` for an entry that is no condition (not a mapping, no type): kept, never touched.
    name: Option<String>,
    /// As the document has it; `None` for a new entry.
    was: Option<Condition>,
    now: Now,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Now {
    /// As it was.
    Kept,
    Set(Condition),
    Removed,
}

impl Entry {
    fn condition(&self) -> Option<&Condition> {
        match &self.now {
            Now::Kept => self.was.as_ref(),
            Now::Set(condition) => Some(condition),
            Now::Removed => None,
        }
    }
}

impl Conditions {
    /// Reads the conditions of a Kptfile. Absent or null `status` or `conditions` are no conditions.
    ///
    /// Where several entries have one type, the first one counts; the others stay until the type is removed.
    ///
    /// # Errors
    /// `status` or `conditions` hold something else: kpt would not read that Kptfile either.
    pub fn of(kptfile: &Value) -> Result<Self, ConditionsError> {
        let list = match kptfile.get("status") {
            None | Some(Value::Null) => None,
            Some(Value::Object(status)) => status.get("conditions"),
            Some(_) => return Err(ConditionsError::Status),
        };
        let list = match list {
            None | Some(Value::Null) => &[][..],
            Some(Value::Array(list)) => list.as_slice(),
            Some(_) => return Err(ConditionsError::Conditions),
        };
        let mut conditions = Self {
            entries: Vec::with_capacity(list.len()),
            read: list.len(),
            positions: HashMap::with_capacity(list.len()),
        };
        for entry in list {
            let map = entry.as_object();
            let name = map.and_then(|map| map.get("type")).and_then(Value::as_str);
            conditions.push(Entry { name: name.map(str::to_owned), was: map.map(Condition::read), now: Now::Kept });
        }
        Ok(conditions)
    }

    /// The condition of a type.
    #[must_use]
    pub fn get(&self, condition_type: &str) -> Option<&Condition> {
        self.entries.get(self.first(condition_type)?).and_then(Entry::condition)
    }

    /// Sets a condition: changes the fields of the present entry that differ, else appends a new one.
    /// `None` or an empty text removes reason or message.
    pub fn set(&mut self, condition_type: &str, status: Status, reason: Option<&str>, message: Option<&str>) {
        let condition = Condition::new(status, reason, message);
        match self.first(condition_type).and_then(|at| self.entries.get_mut(at)) {
            Some(entry) if entry.was.as_ref() == Some(&condition) => entry.now = Now::Kept,
            Some(entry) => entry.now = Now::Set(condition),
            None => self.push(Entry { name: Some(condition_type.to_owned()), was: None, now: Now::Set(condition) }),
        }
    }

    /// As [`Conditions::set`], but the reason stays as it is; a new entry has none.
    pub fn set_keeping_reason(&mut self, condition_type: &str, status: Status, message: Option<&str>) {
        let reason = self.get(condition_type).and_then(|present| present.reason.clone());
        self.set(condition_type, status, reason.as_deref(), message);
    }

    /// Removes every entry of a type. Setting it again in the same batch puts the first one back in its place.
    pub fn remove(&mut self, condition_type: &str) {
        for &at in self.positions.get(condition_type).into_iter().flatten() {
            if let Some(entry) = self.entries.get_mut(at) {
                entry.now = Now::Removed;
            }
        }
    }

    /// Types and conditions in the order of the document, the new ones last; of entries with one type the first only.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Condition)> {
        self.entries.iter().enumerate().filter_map(|(at, entry)| {
            let name = entry.name.as_deref()?;
            (self.first(name) == Some(at)).then_some((name, entry.condition()?))
        })
    }

    /// Whether anything differs from what was read. Looks at every entry.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.entries.iter().any(|entry| match (&entry.now, &entry.was) {
            (Now::Kept, _) | (Now::Removed, None) => false,
            (Now::Set(_), _) | (Now::Removed, Some(_)) => true,
        })
    }

    /// Writes the changes into the Kptfile that the conditions were read from.
    ///
    /// Without changes it stays exactly as it is. `status` and `conditions` are made where they are absent or null, each as
    /// the last key of its parent. New entries have the keys that Nephio's functions write, in their order: message,
    /// reason, status, type. Where the last condition was removed, `conditions: []` stays.
    pub fn write_into(&self, kptfile: &mut Value) {
        if !self.changed() {
            return;
        }
        let Some(list) = list_in(kptfile) else {
            return;
        };
        let mut old = std::mem::take(list).into_iter();
        for (at, entry) in self.entries.iter().enumerate() {
            let present = if at < self.read { old.next() } else { None };
            match (&entry.now, present) {
                (Now::Removed, _) | (Now::Kept, None) => {}
                (Now::Kept, Some(present)) => list.push(present),
                (Now::Set(condition), Some(Value::Object(mut present))) => {
                    update(&mut present, &entry.was.clone().unwrap_or_default(), condition);
                    list.push(present.into());
                }
                (Now::Set(condition), _) => list.push(new_entry(entry.name.as_deref(), condition)),
            }
        }
        list.extend(old);
    }

    fn first(&self, condition_type: &str) -> Option<usize> {
        self.positions.get(condition_type)?.first().copied()
    }

    fn push(&mut self, entry: Entry) {
        if let Some(name) = &entry.name {
            let at = self.entries.len();
            match self.positions.get_mut(name) {
                Some(positions) => positions.push(at),
                None => {
                    self.positions.insert(name.clone(), vec![at]);
                }
            }
        }
        self.entries.push(entry);
    }
}

/// The list of conditions, made where it is absent. `None` if the Kptfile is not shaped as [`Conditions::of`] demands.
fn list_in(kptfile: &mut Value) -> Option<&mut Vec<Value>> {
    let status = kptfile.as_object_mut()?.entry("status").or_insert(Value::Null);
    if status.is_null() {
        *status = Value::Object(Map::new());
    }
    let list = status.as_object_mut()?.entry("conditions").or_insert(Value::Null);
    if list.is_null() {
        *list = Value::Array(Vec::new());
    }
    list.as_array_mut()
}

/// Changes the fields of an entry that differ; new fields go to its end, where no comment can change its owner.
fn update(entry: &mut Map<String, Value>, was: &Condition, now: &Condition) {
    if was.status != now.status {
        entry.insert("status".to_owned(), now.status.as_str().into());
    }
    for (key, was, now) in [("reason", &was.reason, &now.reason), ("message", &was.message, &now.message)] {
        match now {
            _ if was == now => {}
            Some(text) => {
                entry.insert(key.to_owned(), text.as_str().into());
            }
            None => {
                entry.shift_remove(key);
            }
        }
    }
}

fn new_entry(name: Option<&str>, condition: &Condition) -> Value {
    let fields = [
        ("message", condition.message.as_deref()),
        ("reason", condition.reason.as_deref()),
        ("status", Some(condition.status.as_str())),
        ("type", name),
    ];
    fields
        .into_iter()
        .filter_map(|(key, text)| Some((key.to_owned(), Value::from(text?))))
        .collect::<Map<_, _>>()
        .into()
}

/// The text of a scalar: an unquoted `status: True` is a boolean to a YAML reader, but kpt reads it as this text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(true) => Some(Status::True.as_str().to_owned()),
        Value::Bool(false) => Some(Status::False.as_str().to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests;
