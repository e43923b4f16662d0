//! What must hold of a function whatever list it is given.

use krm::harness::Function;
use krm::{Item, ResourceList, codes};

/// Kinds that a function edits. Items of all other kinds leave as they came.
const EDITED: &[&str] = &["Interface", "IPClaim", "VLANClaim", "NetworkAttachmentDefinition", "Kptfile"];
/// Kinds of which a function removes what it made itself.
const REMOVED: &[&str] = &["IPClaim", "VLANClaim", "NetworkAttachmentDefinition"];

/// What a run comes to: the output, and whether the exit code is 0.
pub struct Outcome {
    pub output: String,
    pub success: bool,
}

/// Runs a function as its binary does, without the leak that saves a process the time to tidy up. `None` for what is no
/// list.
///
/// # Panics
/// If a fault of the program itself is reported.
pub fn run(function: &Function, input: &[u8]) -> Option<Outcome> {
    let mut list = ResourceList::parse_bytes(input.to_vec()).ok()?;
    function.apply(&mut list);
    let rendered = list.render().unwrap_or_else(|error| panic!("{}: {error}", function.name));
    for finding in list.findings() {
        let internal = finding.code == codes::INTERNAL_ERROR || finding.message.contains("internal error");
        assert!(!internal, "{}: {finding:?}", function.name);
    }
    let success = !list.has_errors();
    Some(Outcome { output: if success { rendered } else { list.render_failed() }, success })
}

/// Runs a function and checks the laws: all or nothing, no item lost, nothing else changed, and a fixed point.
/// Answers the output of a run that succeeds.
///
/// # Panics
/// If a law is broken.
pub fn check(function: &Function, input: &[u8]) -> Option<String> {
    let outcome = run(function, input)?;
    let before = ResourceList::parse_bytes(input.to_vec()).ok()?;
    let after = again(&outcome.output);
    if !outcome.success {
        assert_eq!(
            texts(&before, |_| true),
            texts(&after, |_| true),
            "a failed run changes nothing\n{}",
            outcome.output
        );
        return None;
    }
    let foreign = |item: &Item| !EDITED.contains(&item.kind());
    assert_eq!(texts(&before, foreign), texts(&after, foreign), "a foreign item has changed\n{}", outcome.output);
    let stays = |item: &Item| !REMOVED.contains(&item.kind());
    let count = |list: &ResourceList| list.iter().filter(|(_, item)| stays(item)).count();
    assert_eq!(count(&before), count(&after), "an item is lost\n{}", outcome.output);
    let second = run(function, outcome.output.as_bytes()).expect("the output is a list");
    assert!(second.success, "the second run fails\n{}\n{}", outcome.output, second.output);
    let items = |output: &str| texts(&again(output), |_| true);
    assert_eq!(items(&outcome.output), items(&second.output), "no fixed point\n{}", outcome.output);
    Some(outcome.output)
}

/// Reads an output.
///
/// # Panics
/// If it is no list.
pub fn again(output: &str) -> ResourceList {
    ResourceList::parse(output.to_owned())
        .unwrap_or_else(|error| panic!("the output cannot be read: {error}\n{output}"))
}

/// The texts of some items. Comments below an item are about the next one, which may have gone.
pub fn texts(list: &ResourceList, which: impl Fn(&Item) -> bool) -> Vec<String> {
    list.iter().filter(|(_, item)| which(item)).map(|(_, item)| without_comments_below(item.text())).collect()
}

fn without_comments_below(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let is_idle = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    while lines.last().is_some_and(|line| is_idle(line)) {
        lines.pop();
    }
    lines.join("\n").trim_end().to_owned()
}
