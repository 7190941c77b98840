//! What a batch holds in memory: each thing knows whether it was only read, is new, or was changed.

/// A thing read or made, and whether it must be written.
pub(super) struct Held<T> {
    pub(super) thing: T,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Read,
    New,
    Changed,
}

impl<T> Held<T> {
    pub(super) fn read(thing: T) -> Self {
        Self { thing, state: State::Read }
    }

    pub(super) fn new(thing: T) -> Self {
        Self { thing, state: State::New }
    }

    /// To be changed, and therefore to be written.
    pub(super) fn touch(&mut self) -> &mut T {
        if self.state == State::Read {
            self.state = State::Changed;
        }
        &mut self.thing
    }
}

/// Copies of those in a state.
pub(super) fn pick<'a, T: Clone + 'a>(held: impl Iterator<Item = &'a Held<T>>, state: State) -> Vec<T> {
    held.filter(|held| held.state == state).map(|held| held.thing.clone()).collect()
}
