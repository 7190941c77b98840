//! The suites of the ports, on both databases.

mod sqlite {
    use crate::database::OnSqlite;

    hubchat_conformance::storage_suite!(OnSqlite);
    hubchat_conformance::inbox_queries_suite!(OnSqlite);
    hubchat_conformance::event_feed_suite!(OnSqlite);
    hubchat_conformance::job_queue_suite!(OnSqlite);
    hubchat_conformance::webhook_intake_suite!(OnSqlite);
}

mod postgres {
    use crate::database::OnPostgres;

    hubchat_conformance::storage_suite!(OnPostgres);
    hubchat_conformance::inbox_queries_suite!(OnPostgres);
    hubchat_conformance::event_feed_suite!(OnPostgres);
    hubchat_conformance::job_queue_suite!(OnPostgres);
    hubchat_conformance::webhook_intake_suite!(OnPostgres);
}
