//! Which of the jobs at hand a reservation takes: the rule of order, apart from any database.

use std::collections::HashMap;

/// One of the first jobs of an order key whose head could be reserved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) id: i64,
    pub(super) order_key: String,
    /// Its time has come.
    pub(super) due: bool,
    /// Someone has it, and the lease still runs.
    pub(super) leased: bool,
}

/// How many of the first jobs of a key are looked at, at least, to see whether one of them is leased.
///
/// A job can become visible after a higher number of its key was reserved: numbers are given before
/// their transactions commit. Such a latecomer is the head of its key, yet must wait for the others.
const LOOK_AHEAD: u32 = 8;

/// How many of the first jobs of each key must be fetched.
pub(super) const fn depth(max_per_key: u32) -> u32 {
    if max_per_key > LOOK_AHEAD { max_per_key } else { LOOK_AHEAD }
}

/// Chooses, oldest first, the jobs to reserve. `candidates` come in order of number within each key.
pub(super) fn pick(candidates: &[Candidate], max_jobs: u32, max_per_key: u32) -> Vec<i64> {
    let mut keys: HashMap<&str, Vec<&Candidate>> = HashMap::new();
    for candidate in candidates {
        keys.entry(&candidate.order_key).or_default().push(candidate);
    }
    let mut picked: Vec<i64> = keys
        .into_values()
        .filter(|jobs| !jobs.iter().any(|job| job.leased))
        .flat_map(|jobs| jobs.into_iter().take(max_per_key as usize).take_while(|job| job.due).map(|job| job.id))
        .collect();
    // By number: within a key that leaves an unbroken row from its head.
    picked.sort_unstable();
    picked.truncate(max_jobs as usize);
    picked
}

/// Of the jobs that were taken, those that must go back because an earlier one of their key, though
/// picked, could not be taken: someone was just about to change it.
pub(super) fn broken_rows(candidates: &[Candidate], picked: &[i64], taken: &[i64]) -> Vec<i64> {
    let mut broken: Vec<&str> = Vec::new();
    let mut back = Vec::new();
    for candidate in candidates.iter().filter(|candidate| picked.contains(&candidate.id)) {
        if !taken.contains(&candidate.id) {
            broken.push(&candidate.order_key);
        } else if broken.contains(&candidate.order_key.as_str()) {
            back.push(candidate.id);
        }
    }
    back
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job(id: i64, order_key: &str) -> Candidate {
        Candidate { id, order_key: order_key.to_owned(), due: true, leased: false }
    }

    #[test]
    fn the_oldest_jobs_come_first_and_a_key_gives_no_more_than_its_share() {
        let jobs = [job(1, "a"), job(2, "a"), job(3, "a"), job(4, "b"), job(6, "b")];
        assert_eq!(pick(&jobs, 10, 2), [1, 2, 4, 6]);
        assert_eq!(pick(&jobs, 3, 2), [1, 2, 4]);
        assert_eq!(pick(&jobs, 10, 1), [1, 4]);
    }

    #[test]
    fn a_job_that_is_not_due_holds_back_those_behind_it() {
        let jobs = [job(1, "a"), Candidate { due: false, ..job(2, "a") }, job(3, "a")];
        assert_eq!(pick(&jobs, 10, 10), [1]);
    }

    #[test]
    fn a_latecomer_waits_for_the_leased_job_of_its_key() {
        let jobs = [job(1, "a"), Candidate { leased: true, ..job(2, "a") }, job(3, "b")];
        assert_eq!(pick(&jobs, 10, 1), [3]);
    }

    #[test]
    fn a_gap_in_what_was_taken_sends_the_rest_of_the_key_back() {
        let jobs = [job(1, "a"), job(2, "a"), job(3, "a"), job(4, "b")];
        assert_eq!(broken_rows(&jobs, &[1, 2, 3, 4], &[1, 3, 4]), [3]);
        assert_eq!(broken_rows(&jobs, &[1, 2, 3, 4], &[1, 2, 3, 4]), [0_i64; 0]);
    }
}
