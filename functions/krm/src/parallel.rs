//! Work on many items on all cores.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::thread;

/// Fewer items than this are done sooner than a thread starts.
const WORTH_A_THREAD: usize = 512;

/// The parser allows 255 levels, each some frames deep.
const STACK_BYTES: usize = 8 << 20;

/// What `work` makes of every item, in the order of the items; on several threads where there are many.
pub(crate) fn map<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = cores.min(items.len() / WORTH_A_THREAD).max(1);
    let mut chunks = items.chunks(items.len().div_ceil(threads).max(1));
    let own = chunks.next().unwrap_or_default();
    let in_order = |chunk: &[T]| chunk.iter().map(&work).collect::<Vec<R>>();
    thread::scope(|scope| {
        let spawn = |chunk| thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, move || in_order(chunk));
        // Where a thread cannot be had, its part is done here.
        let others: Vec<_> = chunks.map(|chunk| spawn(chunk).map_err(|_| chunk)).collect();
        let mut done = in_order(own);
        done.reserve_exact(items.len().saturating_sub(done.len()));
        for other in others {
            done.extend(match other {
                Ok(thread) => thread.join().unwrap_or_else(|panic| resume_unwind(panic)),
                Err(chunk) => in_order(chunk),
            });
        }
        done
    })
}
