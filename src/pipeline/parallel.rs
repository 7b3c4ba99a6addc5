//! Parallel work with results in the order of the input, in memory that does not grow with the input.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::error::Result;

/// The most items in progress per thread: if the results of so many wait for an earlier one, the threads pause.
const UNDER_WAY_A_THREAD: usize = 64;

/// Run `work` over `items` on `threads` threads, each with its own worker made by `start`, and hand every result to
/// `take` on the calling thread, in the order of `items`. The next item is requested only when a thread is free.
///
/// # Errors
/// The first error of `start` or `take`, which ends the work.
pub fn in_order<I: Send, W, R: Send>(
    items: impl IntoIterator<Item = I, IntoIter: Send>,
    threads: usize,
    start: impl Fn() -> Result<W> + Sync,
    work: impl Fn(&mut W, &I) -> R + Sync,
    mut take: impl FnMut(&I, R) -> Result<()>,
) -> Result<()> {
    let work = |worker: &mut W, item: I| {
        let result = work(worker, &item);
        (item, result)
    };
    consume_in_order(items, threads, start, work, |(item, result)| take(&item, result))
}

/// As [`in_order`], for large items, which are dropped after the work on them.
///
/// # Errors
/// As [`in_order`].
pub(super) fn consume_in_order<I, W, R: Send>(
    items: impl IntoIterator<Item = I, IntoIter: Send>,
    threads: usize,
    start: impl Fn() -> Result<W> + Sync,
    work: impl Fn(&mut W, I) -> R + Sync,
    mut take: impl FnMut(R) -> Result<()>,
) -> Result<()> {
    let items = items.into_iter();
    let most = items.size_hint().1.unwrap_or(usize::MAX).max(1);
    let threads = threads.clamp(1, most);
    let queue = Queue::new(items, threads);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            let (queue, start, work) = (&queue, &start, &work);
            scope.spawn(move || {
                let _leave = Leave(queue);
                match start() {
                    Ok(mut worker) => queue.serve(|item| work(&mut worker, item)),
                    Err(error) => queue.fail(error),
                }
            });
        }
        // However this ends, release the waiting threads.
        let _close = Close(&queue);
        while let Some(batch) = queue.results()? {
            for result in batch {
                take(result)?;
            }
        }
        Ok(())
    })
}

/// The items, given to threads one by one, and their results in order. A thread is woken only for what it waits for,
/// because with results in microseconds waking would be most of the work.
struct Queue<T: Iterator, R> {
    state: Mutex<State<T, R>>,
    /// There is room for further results.
    room: Condvar,
    /// The result that is due is there, or none will come.
    due: Condvar,
    ahead: usize,
}

struct State<T: Iterator, R> {
    /// `None` once no more items are given out.
    items: Option<T>,
    next: usize,
    /// Results that were handed on.
    taken: usize,
    ready: BTreeMap<usize, R>,
    failure: Option<crate::Error>,
    /// Threads at work.
    working: usize,
    /// Threads that wait for room.
    waiting: usize,
}

impl<T: Iterator, R> Queue<T, R> {
    fn new(items: T, threads: usize) -> Self {
        let state = State {
            items: Some(items),
            next: 0,
            taken: 0,
            ready: BTreeMap::new(),
            failure: None,
            working: threads,
            waiting: 0,
        };
        let (room, due) = (Condvar::new(), Condvar::new());
        Self { state: Mutex::new(state), room, due, ahead: threads * UNDER_WAY_A_THREAD }
    }

    /// Work on items until there are no more.
    fn serve(&self, mut work: impl FnMut(T::Item) -> R) {
        let mut state = self.state();
        loop {
            while state.items.is_some() && state.next >= state.taken + self.ahead {
                state.waiting += 1;
                state = self.room.wait(state).unwrap_or_else(PoisonError::into_inner);
                state.waiting -= 1;
            }
            let Some(item) = state.items.as_mut().and_then(Iterator::next) else {
                // An iterator that has ended is not asked again.
                state.items = None;
                return;
            };
            let number = state.next;
            state.next += 1;
            drop(state);
            let result = work(item);
            state = self.state();
            state.ready.insert(number, result);
            if number == state.taken {
                self.due.notify_one();
            }
        }
    }

    /// The next results in order, as soon as there is one; `None` when there are no more.
    fn results(&self) -> Result<Option<VecDeque<R>>> {
        let mut state = self.state();
        loop {
            if let Some(error) = state.failure.take() {
                return Err(error);
            }
            let mut batch = VecDeque::new();
            while let Some(result) = {
                let due = state.taken;
                state.ready.remove(&due)
            } {
                batch.push_back(result);
                state.taken += 1;
            }
            if !batch.is_empty() {
                if state.waiting > 0 {
                    self.room.notify_all();
                }
                return Ok(Some(batch));
            }
            if state.working == 0 {
                return Ok(None);
            }
            state = self.due.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// End the work with an error.
    fn fail(&self, error: crate::Error) {
        let mut state = self.state();
        state.failure.get_or_insert(error);
        self.close(&mut state);
    }

    /// Give out no more items.
    fn close(&self, state: &mut State<T, R>) {
        state.items = None;
        self.room.notify_all();
        self.due.notify_one();
    }

    /// A panic of another thread ends the work, but does not invalidate the state.
    fn state(&self) -> MutexGuard<'_, State<T, R>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes the queue when it is dropped.
struct Close<'a, T: Iterator, R>(&'a Queue<T, R>);

impl<T: Iterator, R> Drop for Close<'_, T, R> {
    fn drop(&mut self) {
        self.0.close(&mut self.0.state());
    }
}

/// A working thread, which leaves when this is dropped. If it panics, it also closes the queue: its result never
/// comes, so the others would wait forever.
struct Leave<'a, T: Iterator, R>(&'a Queue<T, R>);

impl<T: Iterator, R> Drop for Leave<'_, T, R> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.working -= 1;
        if std::thread::panicking() {
            self.0.close(&mut state);
        } else if state.working == 0 {
            self.0.due.notify_one();
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
        assert!(done.load(Ordering::Relaxed) < 5_000);
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
        assert!((1..=2 * UNDER_WAY_A_THREAD).contains(&ahead), "{ahead}");
    }

    #[test]
    fn a_panic_reaches_whoever_called_and_leaves_nobody_waiting() {
        let work = |_: &mut (), item: &usize| assert_ne!(*item, 5);
        let run = || in_order(0..10_000, 2, || Ok(()), work, |_, ()| Ok(()));
        assert!(std::panic::catch_unwind(run).is_err());
    }
}
