//! Whether the customer waits, once answers fail and are tried again.

use super::Conversation;
use crate::{Direction, Message, Timestamp};

impl Conversation {
    /// An answer did not arrive: the customer waits again, since they last wrote, unless another one stands that came
    /// after it and after what they last said. `newest` are the newest messages of the conversation, in any order;
    /// others among them are passed over. Tells whether it is news that the customer waits.
    pub fn note_failed<'m>(
        &mut self,
        failed: &Message,
        newest: impl IntoIterator<Item = &'m Message>,
        now: Timestamp,
    ) -> bool {
        let (Some(wrote), None) = (self.0.last_inbound_at, self.0.waiting_since) else { return false };
        if failed.record().direction != Direction::Outbound || !failed.record().content.kind().answers() {
            return false;
        }
        // By their numbers: what the provider dates and what we date are not of one clock.
        let (mut asked, mut answered) = (failed.record().seq, 0);
        for message in newest {
            let record = message.record();
            if record.conversation_id != self.0.id {
                continue;
            }
            if record.direction == Direction::Inbound && record.content.kind().speaks() && record.unsent_at.is_none() {
                asked = asked.max(record.seq);
            }
            if message.is_answer() {
                answered = answered.max(record.seq);
            }
        }
        if answered > asked {
            return false;
        }
        self.0.waiting_since = Some(wrote);
        self.0.updated_at = now;
        true
    }

    /// An answer that had failed is on its way again; tells whether that is news.
    pub fn note_answer_queued(&mut self, now: Timestamp) -> bool {
        let news = self.0.waiting_since.take().is_some();
        if news {
            self.0.updated_at = now;
        }
        news
    }
}
