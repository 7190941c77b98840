//! Whom sessions tell what they committed.

use std::sync::{Arc, OnceLock};

use hubchat_ports::{EventBus, Notice};

/// The bus, once there is one: a database can be used without anybody who follows along.
#[derive(Default)]
pub(crate) struct Announcer(OnceLock<Arc<dyn EventBus>>);

impl Announcer {
    pub(crate) fn announce_on(&self, bus: Arc<dyn EventBus>) {
        // Who comes second finds the first: notices go one way.
        let _ = self.0.set(bus);
    }

    pub(crate) fn announce(&self, notice: Notice) {
        if let Some(bus) = self.0.get() {
            bus.announce(notice);
        }
    }
}
