//! The suites: which cases an adapter of each port must pass.

/// Names one test per case, each with a harness of its own.
#[doc(hidden)]
#[macro_export]
macro_rules! __cases {
    ($harness:ty, $port:ident; $($module:ident: [$($case:ident),* $(,)?])*) => {
        $($(
            #[::tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let harness = <$harness as $crate::$port>::start().await;
                let end = $crate::to_its_end($crate::cases::$module::$case(&harness)).await;
                <$harness as $crate::$port>::stop(harness).await;
                end.tell();
            }
        )*)*
    };
}

/// Sessions and every store, over a [`StorageHarness`](crate::StorageHarness).
#[macro_export]
macro_rules! storage_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, StorageHarness;
            sessions: [
                a_dropped_session_leaves_no_trace_in_any_store,
                a_session_sees_its_own_writes_and_screens_see_them_after_the_commit,
                a_session_without_writes_commits,
                many_dropped_sessions_leave_room_for_the_next,
                empty_batches_are_no_error,
            ]
            directory: [
                the_readiness_check_passes_on_a_migrated_database,
                a_tenant_is_found_by_slug_and_by_id,
                a_slug_is_taken_once,
                a_slug_raced_for_is_taken_once,
                an_api_key_is_found_by_its_prefix_with_every_field,
                a_use_of_a_key_never_moves_back,
                accounts_are_found_by_webhook_key_and_by_external_id,
            ]
            accounts: [
                accounts_keep_every_field,
                accounts_are_listed_oldest_first,
                an_external_account_is_connected_once_among_all_tenants,
                an_account_is_updated_once_for_each_reading,
                secrets_are_replaced_without_touching_the_account,
            ]
            members: [
                members_keep_every_field,
                members_are_listed_by_name,
                an_email_address_is_taken_once_within_a_tenant,
                a_member_is_updated_once_for_each_reading,
                turns_go_round_from_the_oldest_member,
                turns_pass_over_members_who_take_no_leads,
                callers_at_the_same_time_get_different_members,
                the_only_member_serves_callers_at_the_same_time,
            ]
            contacts: [
                contacts_and_identities_keep_every_field,
                an_identity_exists_once_for_each_account,
                an_identity_raced_for_is_added_once,
                contacts_and_identities_are_updated_once_for_each_reading,
                an_update_of_what_is_not_there_is_stale,
                hundreds_of_contacts_fit_in_one_batch,
            ]
            leads: [
                leads_keep_every_field,
                a_contact_has_one_open_lead,
                an_open_lead_raced_for_is_opened_once,
                the_newest_lead_of_each_contact_is_found,
                a_lead_is_updated_once_for_each_reading,
                one_of_two_who_read_the_same_lead_may_write,
                hundreds_of_leads_fit_in_one_batch,
                one_stale_lead_spoils_its_whole_batch,
            ]
            conversations: [
                conversations_keep_every_field,
                a_thread_has_one_conversation,
                the_conversations_of_an_identity_and_of_a_lead_are_found_newest_first,
                at_most_a_hundred_conversations_of_an_identity_are_found,
                a_conversation_is_updated_once_for_each_reading,
                one_stale_conversation_spoils_its_whole_batch,
                sequence_numbers_are_given_once_by_sessions_that_come_together,
                a_found_thread_is_locked_until_its_session_ends,
            ]
            messages: [
                messages_keep_every_field,
                contents_of_every_kind_come_back_as_they_went,
                a_provider_id_is_stored_once_for_each_account,
                messages_without_a_provider_id_are_all_new,
                a_provider_id_raced_for_is_stored_once,
                a_message_is_found_by_the_id_of_a_further_part,
                a_message_is_updated_once_for_each_reading,
                hundreds_of_messages_fit_in_one_batch,
            ]
            media_rows: [
                files_keep_every_field,
                a_file_is_updated_once_for_each_reading,
                hundreds_of_files_fit_in_one_batch,
            ]
            activities: [
                activities_keep_every_field,
                hundreds_of_activities_fit_in_one_batch,
            ]
            events: [
                events_keep_every_field,
                events_are_numbered_in_the_order_given_for_each_tenant,
                a_dropped_session_leaves_no_gap,
                events_are_listed_a_page_at_a_time,
                a_reader_never_finds_an_event_before_one_that_it_has_seen,
            ]
            idempotency: [
                a_claimed_key_answers_with_its_record,
                keys_of_other_scopes_and_tenants_are_free,
                an_expired_record_counts_as_absent,
                a_second_session_waits_and_sees_the_record_of_the_first,
                a_second_session_gets_the_key_that_the_first_gave_up,
                a_key_raced_for_is_claimed_once,
            ]
            webhook_events: [
                settled_events_wait_no_longer_and_the_ledger_adds_up,
                an_event_is_settled_once,
                an_event_raced_for_is_settled_once,
                dead_and_ignored_events_can_be_opened_again,
                another_tenants_event_can_be_neither_seen_nor_settled,
                hundreds_of_events_are_settled_in_one_call,
            ]
            isolation: [
                another_tenants_rows_are_invisible_to_every_store,
                another_tenants_rows_are_invisible_to_every_list_and_find,
                an_update_of_another_tenants_row_is_stale_and_changes_nothing,
                another_tenants_claims_are_not_seen,
                a_row_that_names_another_tenant_never_lands_there,
            ]
        }
    };
}

/// Lists and finds for screens, over a [`StorageHarness`](crate::StorageHarness).
#[macro_export]
macro_rules! inbox_queries_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, StorageHarness;
            inbox_leads: [
                a_lead_row_shows_contact_owner_and_newest_conversation,
                a_lead_of_several_conversations_has_one_row,
                lead_filters_take_what_they_name,
                leads_of_one_moment_are_each_seen_once,
                lead_pages_end_without_an_empty_one,
                lead_pages_stay_put_while_leads_come_and_change,
            ]
            inbox_conversations: [
                a_conversation_row_shows_account_customer_and_lead,
                conversation_filters_take_what_they_name,
                conversations_of_one_moment_are_each_seen_once,
                conversation_pages_end_without_an_empty_one,
                conversation_pages_stay_put_while_messages_come,
            ]
            inbox_messages: [
                messages_are_listed_by_the_time_they_were_written,
                message_and_activity_pages_end_without_an_empty_one,
                message_pages_stay_put_while_messages_come,
                a_message_row_shows_its_file,
            ]
        }
    };
}

/// The queue, over a [`StorageHarness`](crate::StorageHarness).
#[macro_export]
macro_rules! job_queue_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, StorageHarness;
        }
    };
}

/// The way in, over a [`StorageHarness`](crate::StorageHarness).
#[macro_export]
macro_rules! webhook_intake_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, StorageHarness;
        }
    };
}

/// Files, over a [`MediaFilesHarness`](crate::MediaFilesHarness).
#[macro_export]
macro_rules! media_files_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, MediaFilesHarness;
        }
    };
}

/// The vault, over a [`VaultHarness`](crate::VaultHarness).
#[macro_export]
macro_rules! vault_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, VaultHarness;
        }
    };
}

/// Clock, ids and randomness, over a [`ClockHarness`](crate::ClockHarness).
#[macro_export]
macro_rules! clock_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, ClockHarness;
        }
    };
}

/// The rate limiter, over a [`RateLimiterHarness`](crate::RateLimiterHarness).
#[macro_export]
macro_rules! rate_limiter_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, RateLimiterHarness;
        }
    };
}

/// A channel's adapter, over a [`ChannelAdapterHarness`](crate::ChannelAdapterHarness).
#[macro_export]
macro_rules! channel_adapter_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, ChannelAdapterHarness;
        }
    };
}
