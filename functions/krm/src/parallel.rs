//! Work on many items on all cores. It fills what each item remembers of its text, so it changes no answer.

use std::num::NonZero;
use std::thread;

/// Fewer items than this are done sooner than a thread starts.
const WORTH_A_THREAD: usize = 512;

/// The parser allows 255 levels, each some frames deep.
const STACK_BYTES: usize = 8 << 20;

/// Calls `work` for every item, on several threads where there are many. Where a thread cannot be had, the items are
/// left to whoever asks for them later.
pub(crate) fn for_each<T: Sync>(items: &[T], work: impl Fn(&T) + Sync) {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(items.len() / WORTH_A_THREAD);
    if threads < 2 {
        return items.iter().for_each(work);
    }
    let work = &work;
    thread::scope(|scope| {
        let mut chunks = items.chunks(items.len().div_ceil(threads));
        let own = chunks.next();
        for chunk in chunks {
            let spawned =
                thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, move || chunk.iter().for_each(work));
            drop(spawned);
        }
        own.into_iter().flatten().for_each(work);
    });
}
