//! `make bench`: what this machine's hubchat does, as ratios to what this machine's databases do in the
//! same run. Figures without such a ratio (idle memory, start-up, latency) are absolute and say so.
#![expect(clippy::print_stdout, reason = "the figures go to the standard output")]
#![expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "figures are rounded anyway")]

mod audit;
mod baselines;
mod inbound;
mod lists;
mod live;
mod load;
mod outbound;
mod process;
mod report;
mod socket;
mod target;

use std::time::Duration;

use clap::{Parser, ValueEnum};

use crate::{report::Report, target::Kind};

/// Measures hubchat.
#[derive(Parser)]
struct Arguments {
    /// Seconds for each measurement under load.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// Measure on this database only: sqlite or postgres.
    #[arg(long)]
    only: Option<String>,
    /// Take these measurements only: acknowledgements, way-in, idle, way-out, head-of-line, lists,
    /// audit, sockets, live, storm. The storm takes ten minutes, and is taken only when it is asked for.
    #[arg(long, value_enum, value_delimiter = ',')]
    measure: Vec<Measurement>,
    /// Conversations in the large list.
    #[arg(long, default_value_t = 1_000_000)]
    conversations: u64,
    /// Idle sockets.
    #[arg(long, default_value_t = 5_000)]
    sockets: usize,
    /// Clients of the storm.
    #[arg(long, default_value_t = 200)]
    storm_clients: usize,
    /// Messages of the storm.
    #[arg(long, default_value_t = 20_000)]
    storm_messages: u64,
    /// Minutes of the storm.
    #[arg(long, default_value_t = 10)]
    storm_minutes: u64,
}

/// What can be measured.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Measurement {
    Acknowledgements,
    WayIn,
    Idle,
    WayOut,
    HeadOfLine,
    Lists,
    Audit,
    Sockets,
    Live,
    Storm,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let seconds = Duration::from_secs(arguments.seconds);
    let mut report = Report::default();
    for kind in [Kind::Postgres, Kind::Sqlite] {
        if arguments.only.as_deref().is_some_and(|only| only != kind.name()) {
            continue;
        }
        println!("== {}", kind.name());
        let asked = |what| arguments.measure.is_empty() || arguments.measure.contains(&what);
        if asked(Measurement::Acknowledgements) {
            Box::pin(inbound::acknowledgements(kind, seconds, &mut report)).await?;
        }
        if asked(Measurement::WayIn) {
            Box::pin(inbound::whole_way_in(kind, seconds, &mut report)).await?;
        }
        if asked(Measurement::Idle) {
            Box::pin(inbound::idle(kind, &mut report)).await?;
        }
        if asked(Measurement::WayOut) {
            Box::pin(outbound::whole_way_out(kind, &mut report)).await?;
        }
        if asked(Measurement::HeadOfLine) {
            Box::pin(outbound::head_of_line(kind, &mut report)).await?;
        }
        if asked(Measurement::Lists) {
            Box::pin(lists::flat(kind, arguments.conversations, &mut report)).await?;
        }
        if asked(Measurement::Audit) {
            Box::pin(audit::checked(kind, &mut report)).await?;
        }
        if asked(Measurement::Sockets) {
            Box::pin(live::sockets(kind, arguments.sockets, &mut report)).await?;
        }
        if asked(Measurement::Live) {
            Box::pin(live::delay(kind, &mut report)).await?;
        }
        if arguments.measure.contains(&Measurement::Storm) {
            let size = (arguments.storm_clients, arguments.storm_messages);
            let time = Duration::from_mins(arguments.storm_minutes);
            Box::pin(live::storm(kind, size, time, &mut report)).await?;
        }
    }
    report.print();
    Ok(())
}
