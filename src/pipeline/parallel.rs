//! Work on several threads whose results come out in the order of the input, in memory that does
//! not grow with the input.

use std::collections::BTreeMap;
use std::sync::mpsc::channel;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::Result;

/// Items under way for each thread: when the results of so many wait for an earlier one, the threads
/// pause.
const UNDER_WAY_A_THREAD: usize = 8;

/// Run `work` over `items` on `threads` threads, each with a worker of its own made by `start`, and
/// hand every result to `take` on the calling thread, in the order of `items`. An item is asked for
/// only when a thread is about to work on it.
///
/// # Errors
/// The first error of `start` or `take`, which ends the work; what was taken before it stays taken.
pub fn in_order<I: Send, W, R: Send>(
    items: impl IntoIterator<Item = I, IntoIter: Send>,
    threads: usize,
    start: impl Fn() -> Result<W> + Sync,
    work: impl Fn(&mut W, &I) -> R + Sync,
    mut take: impl FnMut(&I, R) -> Result<()>,
) -> Result<()> {
    let items = items.into_iter();
    let most = items.size_hint().1.unwrap_or(usize::MAX).max(1);
    let threads = threads.clamp(1, most);
    let queue = Queue::new(items, threads * UNDER_WAY_A_THREAD);
    let (sender, receiver) = channel();
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (sender, queue, start, work) = (sender.clone(), &queue, &start, &work);
            scope.spawn(move || {
                let _guard = CloseOnPanic(queue);
                let mut worker = match start() {
                    Ok(worker) => worker,
                    Err(error) => return sender.send(Err(error)).unwrap_or_default(),
                };
                while let Some((index, item)) = queue.next() {
                    let result = work(&mut worker, &item);
                    // The receiver is gone after an error: nobody wants the rest.
                    if sender.send(Ok((index, item, result))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        // However this ends, nobody waits for it any longer.
        let _closed = Close(&queue);
        let (mut due, mut early) = (0, BTreeMap::new());
        for message in receiver {
            let (index, item, result) = message?;
            early.insert(index, (item, result));
            while let Some((item, result)) = early.remove(&due) {
                take(&item, result)?;
                due += 1;
                queue.taken();
            }
        }
        Ok(())
    })
}

/// The items, given out one by one to whoever works on them, never too far ahead of those taken.
struct Queue<T> {
    state: Mutex<State<T>>,
    moved: Condvar,
    ahead: usize,
}

struct State<T> {
    /// `None` once the work is over.
    items: Option<T>,
    next: usize,
    taken: usize,
}

impl<T: Iterator> Queue<T> {
    fn new(items: T, ahead: usize) -> Self {
        let state = State { items: Some(items), next: 0, taken: 0 };
        Self { state: Mutex::new(state), moved: Condvar::new(), ahead }
    }

    /// The next item and its number, as soon as it may be worked on.
    fn next(&self) -> Option<(usize, T::Item)> {
        let mut state = self.state();
        while state.items.is_some() && state.next >= state.taken + self.ahead {
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        let item = state.items.as_mut()?.next();
        // An iterator that has ended is not asked again.
        let Some(item) = item else {
            state.items = None;
            return None;
        };
        state.next += 1;
        Some((state.next - 1, item))
    }

    /// One more result was taken.
    fn taken(&self) {
        self.state().taken += 1;
        self.moved.notify_all();
    }
}

impl<T> Queue<T> {
    /// Give nothing out any more.
    fn close(&self) {
        self.state().items = None;
        self.moved.notify_all();
    }

    /// A panic of another thread ends the work; it does not make the numbers wrong.
    fn state(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the queue when it is dropped.
struct Close<'a, T>(&'a Queue<T>);

impl<T> Drop for Close<'_, T> {
    fn drop(&mut self) {
        self.0.close();
    }
}

/// Closes the queue when its thread panics: the result that it owes never comes, so the others would
/// wait for ever.
struct CloseOnPanic<'a, T>(&'a Queue<T>);

impl<T> Drop for CloseOnPanic<'_, T> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::error::Error;

    #[test]
    fn results_come_in_order_whoever_is_fastest() {
        let items: Vec<u64> = (0..200).collect();
        let mut taken = Vec::new();
        let work = |_: &mut (), item: &&u64| {
            std::thread::sleep(std::time::Duration::from_micros(*item * 7919 % 300));
            *item * 2
        };
        let take = |item: &&u64, double| {
            taken.push((**item, double));
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
        let work = |_: &mut (), _: &&usize| done.fetch_add(1, Ordering::Relaxed);
        let take = |item: &&usize, _| match item {
            3 => Err(Error::value("item", "enough")),
            _ => Ok(()),
        };
        assert!(matches!(in_order(&items, 2, || Ok(()), work, take), Err(Error::Value { .. })));
        assert!(done.load(Ordering::Relaxed) < 1_000);
    }

    #[test]
    fn no_items_are_no_work() {
        in_order([] as [u8; 0], 4, || Ok(()), |(), _| (), |_, ()| panic!("nothing to take"))
            .unwrap();
    }

    #[test]
    fn items_are_asked_for_only_a_little_ahead_of_the_slowest() {
        let asked = AtomicUsize::new(0);
        let items = (0..100_000).inspect(|_| {
            asked.fetch_add(1, Ordering::Relaxed);
        });
        let most_ahead = AtomicUsize::new(0);
        let work = |_: &mut (), item: &usize| {
            if *item == 0 {
                std::thread::sleep(std::time::Duration::from_millis(50));
                most_ahead.store(asked.load(Ordering::Relaxed), Ordering::Relaxed);
            }
        };
        in_order(items, 2, || Ok(()), work, |_, ()| Ok(())).unwrap();
        assert_eq!(asked.load(Ordering::Relaxed), 100_000);
        let ahead = most_ahead.load(Ordering::Relaxed);
        assert!((2..=2 * UNDER_WAY_A_THREAD).contains(&ahead), "{ahead}");
    }

    #[test]
    fn a_panic_reaches_whoever_called_and_leaves_nobody_waiting() {
        let work = |_: &mut (), item: &usize| assert_ne!(*item, 5);
        let run = || in_order(0..10_000, 2, || Ok(()), work, |_, ()| Ok(()));
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
