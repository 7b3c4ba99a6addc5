//! Work on several threads whose results come out in the order of the input.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::sync_channel;

use crate::error::Result;

/// Results that may wait for an earlier one before the threads pause.
const WAITING_A_THREAD: usize = 32;

/// Run `work` over `items` on `threads` threads, each with a worker of its own made by `start`, and
/// hand every result to `take` on the calling thread, in the order of `items`.
///
/// # Errors
/// The first error of `start` or `take`, which ends the work; what was taken before it stays taken.
pub fn in_order<I: Sync, W, R: Send>(
    items: &[I],
    threads: usize,
    start: impl Fn() -> Result<W> + Sync,
    work: impl Fn(&mut W, &I) -> R + Sync,
    mut take: impl FnMut(&I, R) -> Result<()>,
) -> Result<()> {
    let threads = threads.clamp(1, items.len().max(1));
    let next = AtomicUsize::new(0);
    let (sender, receiver) = sync_channel(threads * WAITING_A_THREAD);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, next, start, work) = (sender.clone(), &next, &start, &work);
            scope.spawn(move || {
                let mut worker = match start() {
                    Ok(worker) => worker,
                    Err(error) => return sender.send(Err(error)).unwrap_or_default(),
                };
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(index) else { return };
                    // The receiver is gone after an error: nobody wants the rest.
                    if sender.send(Ok((index, work(&mut worker, item)))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let (mut due, mut early) = (0, BTreeMap::new());
        for message in receiver {
            let (index, result) = message?;
            early.insert(index, result);
            while let Some(result) = early.remove(&due) {
                take(&items[due], result)?;
                due += 1;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;

    #[test]
    fn results_come_in_order_whoever_is_fastest() {
        let items: Vec<u64> = (0..200).collect();
        let mut taken = Vec::new();
        let work = |_: &mut (), item: &u64| {
            std::thread::sleep(std::time::Duration::from_micros(item * 7919 % 300));
            item * 2
        };
        let take = |item: &u64, double| {
            taken.push((*item, double));
            Ok(())
        };
        in_order(&items, 4, || Ok(()), work, take).unwrap();
        assert_eq!(taken, items.iter().map(|i| (*i, i * 2)).collect::<Vec<_>>());
    }

    #[test]
    fn a_worker_that_cannot_start_ends_the_work() {
        let start = || Err::<(), _>(Error::RuntimeNotFound);
        let result = in_order(&[1, 2, 3], 2, start, |(), item| *item, |_, _| Ok(()));
        assert!(matches!(result, Err(Error::RuntimeNotFound)));
    }

    #[test]
    fn whoever_takes_the_results_can_end_the_work() {
        let items: Vec<usize> = (0..10_000).collect();
        let done = AtomicUsize::new(0);
        let work = |_: &mut (), _: &usize| done.fetch_add(1, Ordering::Relaxed);
        let take = |item: &usize, _| match item {
            3 => Err(Error::value("item", "enough")),
            _ => Ok(()),
        };
        assert!(matches!(in_order(&items, 2, || Ok(()), work, take), Err(Error::Value { .. })));
        assert!(done.load(Ordering::Relaxed) < 1_000);
    }

    #[test]
    fn no_items_are_no_work() {
        in_order(&[] as &[u8], 4, || Ok(()), |(), _| (), |_, ()| panic!("nothing to take"))
            .unwrap();
    }
}
