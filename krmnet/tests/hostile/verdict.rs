//! Whether a run did what an input asks for.

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;

use anyhow::{bail, ensure};

use crate::entry::{Fate, MARK};
use crate::programs::Run;

/// Fails unless a function's run on an input came to its fate.
pub(crate) fn check(function: &str, fate: &Fate, input: &Path, run: &Run) -> anyhow::Result<()> {
    let stderr = fs::read_to_string(&run.stderr)?;
    let stdout = Output { input, output: &run.stdout };
    let code = match (run.status.code(), run.status.signal()) {
        (Some(code), _) => code,
        (None, signal) => bail!("killed by signal {signal:?}: {stderr}"),
    };
    ensure!(!stderr.contains("panicked"), "a panic: {stderr}");
    match fate {
        Fate::Kept => {
            ensure!(code == 0, "exit {code}: {stderr}");
            stdout.ensure_starts_with_input()
        }
        Fate::Done => {
            ensure!(code == 0, "exit {code}: {stderr}");
            stdout.ensure_all_items()
        }
        Fate::Refused(words) => {
            ensure!(code == 1, "exit {code}, expected 1: {stderr}");
            ensure!(fs::metadata(&run.stdout)?.len() == 0, "a list that is refused is printed");
            says(&stderr, words)
        }
        Fate::Faulty { to, words } if to.contains(&function) => {
            ensure!(code == 1, "exit {code}, expected 1: {stderr}");
            stdout.ensure_starts_with_input()?;
            stdout.ensure_results()?;
            says(&stderr, words)
        }
        Fate::Faulty { .. } => check(function, &Fate::Kept, input, run),
        Fate::Any => match code {
            0 => stdout.ensure_all_items(),
            1 if fs::metadata(&run.stdout)?.len() == 0 => says(&stderr, function),
            1 => {
                stdout.ensure_starts_with_input()?;
                stdout.ensure_results()?;
                says(&stderr, "[error]")
            }
            code => bail!("exit {code}: {stderr}"),
        },
    }
}

fn says(stderr: &str, words: &str) -> anyhow::Result<()> {
    ensure!(!stderr.trim().is_empty(), "a failure without a word");
    ensure!(stderr.contains(words), "expected {words:?} in: {stderr}");
    Ok(())
}

/// What was printed for an input.
struct Output<'p> {
    input: &'p Path,
    output: &'p Path,
}

impl Output<'_> {
    /// All bytes of the input, and behind them, in JSON before the last bracket, nothing or results.
    fn ensure_starts_with_input(&self) -> anyhow::Result<()> {
        let mut first = [0];
        if File::open(self.input)?.read(&mut first)? == 1 && first == *b"{" {
            let (input, output) = (fs::read_to_string(self.input)?, fs::read_to_string(self.output)?);
            let whole = input.trim_end().strip_suffix('}').and_then(|input| output.strip_prefix(input));
            ensure!(whole.is_some_and(|rest| rest.starts_with(['}', ','])), "the output differs");
            return Ok(());
        }
        let [mut input, mut output] = [self.input, self.output].map(|path| File::open(path).map(BufReader::new));
        let (input, output) = (input.as_mut(), output.as_mut());
        let (Ok(input), Ok(output)) = (input, output) else { bail!("a file is gone") };
        let mut at = 0_u64;
        let (mut wanted, mut found) = (vec![0; 1 << 20], vec![0; 1 << 20]);
        loop {
            let count = input.read(&mut wanted)?;
            if count == 0 {
                break;
            }
            let found = found.get_mut(..count).unwrap_or_default();
            ensure!(output.read_exact(found).is_ok(), "the output ends within the input's megabyte after byte {at}");
            ensure!(wanted.get(..count) == Some(found), "the output differs in the megabyte after byte {at}");
            at += u64::try_from(count)?;
        }
        let mut rest = String::new();
        output.read_to_string(&mut rest)?;
        let rest = rest.trim_start_matches('\n');
        ensure!(rest.is_empty() || rest.starts_with("results:\n"), "behind the input stands {rest:?}");
        Ok(())
    }

    /// Every item of the input, edited or not.
    fn ensure_all_items(&self) -> anyhow::Result<()> {
        let count = |path: &Path| anyhow::Ok(String::from_utf8(fs::read(path)?)?.matches(MARK).count());
        let (wanted, found) = (count(self.input)?, count(self.output)?);
        ensure!(found >= wanted, "{wanted} items were read, {found} written");
        let text = fs::read_to_string(self.output)?;
        ensure!(text.contains("ResourceList"), "the output is no list: {text:?}");
        Ok(())
    }

    fn ensure_results(&self) -> anyhow::Result<()> {
        let text = fs::read_to_string(self.output)?;
        ensure!(
            (text.contains("severity: error") || text.contains("\"severity\": \"error\"")),
            "no result tells the error"
        );
        Ok(())
    }
}
