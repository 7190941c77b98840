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
            purge: [
                only_closed_and_old_conversations_are_listed_and_counted,
                a_conversation_goes_in_steps_with_all_that_hangs_on_it,
                a_contact_goes_last_and_leaves_nothing,
                nothing_of_another_tenant_is_taken_away,
                payloads_are_found_by_a_text_and_emptied_for_good,
                settled_events_go_once_they_are_old_and_waiting_ones_never,
                uploads_that_nobody_took_up_go_once_they_are_old,
                expired_answers_to_repeated_requests_go,
                old_domain_events_go_from_the_first_on_without_a_gap,
                every_row_is_handed_out_once_page_by_page,
            ]
            directory: [
                the_readiness_check_passes_on_a_migrated_database,
                a_tenant_is_found_by_slug_and_by_id,
                a_slug_is_taken_once,
                a_slug_raced_for_is_taken_once,
                an_api_key_is_found_by_its_prefix_with_every_field,
                a_use_of_a_key_never_moves_back,
                accounts_are_found_by_webhook_key_and_by_external_id,
                accounts_of_all_tenants_are_walked_through_once,
                tenants_are_walked_through_once,
                a_tenant_is_added_in_its_own_session_only,
            ]
            access: [
                a_person_is_found_by_id_and_address_with_every_field,
                an_address_raced_for_is_one_person,
                a_rehash_gives_way_to_a_new_password,
                the_memberships_of_a_person_are_listed_by_slug,
                a_person_is_a_member_of_a_tenant_once,
                a_session_stands_with_its_person_member_and_tenant,
                no_session_begins_with_a_password_that_is_over,
                a_token_is_spent_once_for_one_successor,
                a_session_that_ended_goes_on_no_more,
                a_token_of_one_session_does_not_continue_another,
                the_sessions_of_a_member_end_together,
                a_new_password_ends_all_sessions_but_the_one_to_keep,
                live_sessions_are_listed_newest_first,
                those_who_may_still_be_here_are_found_many_at_a_time,
                links_keep_every_field,
                a_link_raced_for_is_used_once_and_in_its_time,
                a_reset_sets_the_password_ends_sessions_and_voids_other_resets,
                a_later_link_takes_the_place_of_an_earlier_one,
                what_is_over_is_removed_a_batch_at_a_time,
                jobs_are_written_with_what_they_follow_on_and_not_without_it,
                active_owners_are_locked_until_the_session_ends,
            ]
            accounts: [
                accounts_keep_every_field,
                accounts_are_listed_oldest_first,
                an_external_account_is_connected_once_among_all_tenants,
                an_account_is_updated_once_for_each_reading,
                secrets_are_replaced_without_touching_the_account,
                the_inbox_names_the_accounts_of_its_tenant_alone,
            ]
            data_keys: [
                data_keys_keep_every_field_and_the_newest_is_current,
                a_tenant_without_data_keys_has_none,
                a_wrapping_is_replaced_once_for_each_reading,
                secrets_of_former_keys_are_found_and_sealed_anew_once,
                a_secret_has_a_data_key_that_is_there,
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
            teams: [
                teams_keep_every_field,
                teams_are_listed_by_name_with_their_members,
                a_team_name_is_taken_once_within_a_tenant_whatever_its_case,
                a_team_is_updated_once_for_each_reading,
                members_come_into_teams_and_leave_them_once,
                peers_are_all_who_share_a_team,
                a_removed_team_takes_its_memberships_with_it,
                a_team_that_has_leads_is_not_removed,
                a_lead_is_not_given_to_a_team_that_goes_at_the_same_time,
                turns_within_a_team_go_round_among_its_members,
                callers_of_one_team_at_the_same_time_get_different_members,
                who_counts_teams_at_the_same_time_counts_one_after_the_other,
                another_tenants_teams_can_be_neither_seen_nor_changed,
            ]
            contacts: [
                contacts_and_identities_keep_every_field,
                a_person_is_found_by_their_other_name,
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
                a_thread_is_found_by_its_other_name_unless_one_has_it_as_its_own,
                two_threads_of_an_account_do_not_share_another_name,
                a_thread_has_one_conversation,
                the_conversations_of_an_identity_and_of_a_lead_are_found_newest_first,
                at_most_a_hundred_conversations_of_an_identity_are_found,
                a_conversation_is_updated_once_for_each_reading,
                one_stale_conversation_spoils_its_whole_batch,
                sequence_numbers_are_given_once_by_sessions_that_come_together,
                a_found_thread_is_locked_until_its_session_ends,
            ]
            lead_owners: [
                a_conversation_begins_with_the_owner_of_its_lead,
                conversations_follow_their_lead_from_owner_to_owner,
                an_owner_that_is_not_committed_is_not_the_conversations,
                a_conversation_that_moves_has_the_owner_of_its_new_lead,
                a_conversation_that_is_written_keeps_the_owner_of_its_lead,
                conversations_that_begin_while_their_lead_changes_hands_are_its_owners,
            ]
            messages: [
                messages_keep_every_field,
                the_newest_messages_of_several_threads_are_found_at_once,
                contents_of_every_kind_come_back_as_they_went,
                a_provider_id_is_stored_once_for_each_account,
                messages_without_a_provider_id_are_all_new,
                a_provider_id_raced_for_is_stored_once,
                a_message_is_found_by_the_id_of_a_further_part,
                a_message_is_updated_once_for_each_reading,
                changed_messages_are_written_together_or_not_at_all,
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
            settings: [
                a_tenant_that_set_nothing_has_the_defaults,
                a_tenant_is_called_what_its_settings_say,
                settings_come_back_as_they_were_put,
                every_change_makes_the_version_grow,
                settings_of_a_dropped_session_are_not_kept,
                settings_of_tenants_are_apart,
                who_locked_the_settings_is_the_only_one_to_change_them,
                an_origin_is_listed_while_a_tenant_lists_it,
            ]
            api_keys: [
                a_key_is_found_by_id_with_every_field,
                keys_are_listed_newest_first_a_page_at_a_time,
                a_key_is_revoked_once_and_for_good,
                another_tenants_keys_are_neither_seen_nor_revoked,
            ]
            events: [
                events_keep_every_field,
                events_are_numbered_in_the_order_given_for_each_tenant,
                a_dropped_session_leaves_no_gap,
                events_are_listed_a_page_at_a_time,
                a_reader_never_finds_an_event_before_one_that_it_has_seen,
            ]
            audit: [
                entries_keep_every_field,
                entries_are_chained_in_the_order_given_for_each_tenant,
                a_dropped_session_leaves_no_hole_in_the_log,
                sessions_at_the_same_time_leave_no_gap_and_one_chain,
                the_log_is_listed_newest_first_by_every_filter_a_page_at_a_time,
                the_log_is_walked_in_its_order_by_every_filter,
                a_log_without_entries_has_no_head,
                another_tenants_log_is_not_seen,
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
                an_update_of_another_tenants_row_is_refused_and_changes_nothing,
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
            inbox_reading: [
                what_one_member_has_seen_is_unread_for_the_others,
                who_waits_longest_comes_first_and_pages_give_each_once,
                lanes_count_what_their_lists_hold,
                a_draft_is_its_writers_alone_and_goes_with_its_conversation,
                what_members_have_seen_and_write_is_of_one_tenant,
                what_a_disabled_member_read_and_wrote_goes,
            ]
            inbox_messages: [
                messages_are_listed_by_the_time_they_were_written,
                message_and_activity_pages_end_without_an_empty_one,
                message_pages_stay_put_while_messages_come,
                a_message_row_shows_its_file,
            ]
            inbox_sight: [
                lists_of_leads_hold_what_is_seen_and_nothing_else,
                lists_of_conversations_hold_what_is_seen_and_nothing_else,
                what_is_not_seen_is_not_found_by_its_id,
                what_is_seen_changes_with_the_owner_at_once,
                someone_with_hundreds_of_colleagues_sees_all_of_their_leads,
            ]
        }
    };
}

/// Following a tenant along, over a [`StorageHarness`](crate::StorageHarness).
#[macro_export]
macro_rules! event_feed_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, StorageHarness;
            event_feed: [
                the_head_tells_what_is_kept_and_what_was_last,
                the_feed_gives_what_sessions_committed,
                another_epoch_is_told_by_the_head_and_by_the_pulse,
                rows_are_found_many_at_a_time_as_screens_show_them,
                memberships_are_those_of_the_teams,
                the_access_version_grows_with_roles_teams_and_settings_alone,
                pulses_and_keys_are_found_many_at_a_time,
                readers_of_the_feed_do_not_wait_for_a_writer,
            ]
            socket_tickets: [
                a_ticket_comes_back_once_with_every_field,
                a_ticket_whose_time_is_over_is_good_for_nothing,
                a_ticket_raced_for_is_taken_once,
            ]
        }
    };
}

/// The bus, over an [`EventBusHarness`](crate::EventBusHarness).
#[macro_export]
macro_rules! event_bus_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, EventBusHarness;
            event_bus: [
                what_is_told_is_heard_as_it_was_by_everyone_in_the_process,
                what_is_told_is_heard_as_it_was_in_other_processes,
                nobody_hears_a_notice_twice,
                who_does_not_listen_holds_nobody_up_and_learns_that_something_was_missed,
                who_tells_needs_nobody_who_listens,
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
            queue_order: [
                jobs_come_as_they_were_added,
                the_oldest_jobs_come_first,
                later_jobs_have_higher_numbers,
                a_reservation_gives_at_most_what_was_asked,
                a_key_is_in_one_reservation_at_a_time,
                several_jobs_of_a_key_come_in_order_within_one_reservation,
                a_successor_waits_for_every_earlier_job_of_its_key,
                a_successor_added_later_waits_too,
                lanes_do_not_meet,
                a_long_queue_behind_one_key_does_not_hide_the_others,
                jobs_of_several_tenants_come_from_one_queue,
                an_empty_queue_gives_nothing,
            ]
            queue_delays: [
                a_delayed_job_waits_for_its_time,
                a_delayed_job_holds_back_its_successors_only,
                a_job_that_goes_back_with_a_delay_holds_back_its_successors_only,
                a_job_that_goes_back_without_delay_comes_at_once_and_first,
                an_attempt_that_does_not_count_is_not_counted,
                released_jobs_are_offered_at_once_in_order_and_uncounted,
                jobs_behind_one_that_goes_back_are_given_back_in_order,
                waiting_jobs_of_a_tenants_lane_can_be_made_due,
            ]
            queue_leases: [
                a_job_whose_lease_ended_goes_to_another_and_the_late_worker_is_fenced,
                a_job_that_is_done_is_done_once,
                a_token_that_was_never_given_is_fenced,
                a_lease_that_is_extended_does_not_end,
                an_extended_lease_ends_in_its_turn,
                one_fenced_job_does_not_keep_the_others_from_being_done,
                every_job_of_an_ended_reservation_comes_back_in_order,
                reservations_at_the_same_time_share_nothing,
            ]
            queue_dead_letters: [
                a_buried_job_is_a_dead_letter_and_its_successors_go_on,
                errors_in_any_words_are_kept,
                dead_letters_are_listed_by_tenant_and_lane_and_in_pages,
                a_replayed_job_stands_behind_the_waiting_ones_with_no_attempts,
                a_discarded_dead_letter_is_gone_for_good,
                a_job_that_lives_is_neither_replayed_nor_discarded,
            ]
            queue_sessions: [
                a_job_of_a_dropped_session_never_appears,
                a_job_appears_with_the_commit,
                a_waiting_worker_wakes_up_when_a_job_is_committed,
                a_worker_waits_no_longer_than_it_said,
                every_lane_is_counted,
                the_lag_of_a_lane_is_the_wait_of_its_oldest_ready_job,
            ]
            queue_workers: [
                eight_workers_do_every_job_once_and_in_the_order_of_its_key,
            ]
        }
    };
}

/// The way in, over a [`StorageHarness`](crate::StorageHarness).
#[macro_export]
macro_rules! webhook_intake_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, StorageHarness;
            intake: [
                recorded_events_wait_with_every_field,
                events_of_unknown_accounts_are_kept_once_and_taken_oldest_first,
                every_event_has_its_job_in_the_order_of_the_events,
                an_event_that_came_before_is_left_out_with_its_job,
                the_first_of_two_equal_events_is_the_one_that_is_kept,
                two_equal_webhooks_at_the_same_time_are_stored_once,
                sixty_four_callers_at_the_same_time_are_each_answered,
                events_of_several_tenants_fit_in_one_call,
                a_caller_that_goes_away_does_not_disturb_the_others,
            ]
        }
    };
}

/// Files, over a [`MediaFilesHarness`](crate::MediaFilesHarness).
#[macro_export]
macro_rules! media_files_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, MediaFilesHarness;
            media_files: [
                a_file_is_read_as_it_was_stored,
                the_type_is_told_by_the_bytes,
                a_file_that_is_too_large_is_not_kept,
                a_file_whose_bytes_stop_coming_is_not_kept,
                a_file_is_replaced_wholly,
                a_removed_file_is_gone,
                a_picture_gets_a_small_jpeg,
                what_is_no_picture_gets_no_thumbnail,
                a_picture_beyond_the_limits_gets_no_thumbnail,
                no_key_leads_outside_the_store,
            ]
        }
    };
}

/// The vault, over a [`VaultHarness`](crate::VaultHarness).
#[macro_export]
macro_rules! vault_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, VaultHarness;
            vault: [
                a_secret_opens_where_it_was_sealed,
                a_secret_opens_nowhere_else,
                a_secret_opens_by_no_other_data_key,
                a_key_of_another_tenant_seals_nothing,
                data_keys_are_all_different_and_wrapped_by_the_current_master_key,
                another_master_key_opens_nothing,
                a_text_that_was_changed_anywhere_is_refused,
                what_was_never_sealed_does_not_open_and_harms_nothing,
                sealing_again_gives_another_text,
                nothing_shows_the_secret,
                a_digest_is_the_sha_256,
                bytes_are_the_same_only_when_they_are_equal,
                a_signature_belongs_to_its_purpose_bytes_and_key,
            ]
        }
    };
}

/// Clock, ids and randomness, over a [`ClockHarness`](crate::ClockHarness).
#[macro_export]
macro_rules! clock_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, ClockHarness;
            clock: [
                it_is_later_than_when_this_was_written,
                a_sleep_lasts_as_long_as_it_was_told,
                ids_are_never_given_twice_and_later_ones_sort_after_earlier_ones,
                chance_is_spread_from_nought_to_below_one,
                secret_bytes_are_as_many_as_asked_and_never_the_same,
            ]
        }
    };
}

/// The rate limiter, over a [`RateLimiterHarness`](crate::RateLimiterHarness).
#[macro_export]
macro_rules! rate_limiter_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, RateLimiterHarness;
            rate_limiter: [
                a_key_waits_once_its_allowance_is_used,
                keys_do_not_share_their_allowance,
                a_key_is_taken_no_faster_than_it_may,
                callers_at_the_same_time_share_one_allowance,
                a_refused_take_costs_nothing,
            ]
        }
    };
}

/// Password hashing, over a [`PasswordHasherHarness`](crate::PasswordHasherHarness).
#[macro_export]
macro_rules! password_hasher_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, PasswordHasherHarness;
            password_hasher: [
                only_the_right_password_matches,
                the_same_password_is_hashed_differently_each_time,
                without_a_readable_hash_nothing_matches,
            ]
        }
    };
}

/// Access tokens, over a [`AccessTokensHarness`](crate::AccessTokensHarness).
#[macro_export]
macro_rules! access_tokens_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, AccessTokensHarness;
            access_tokens: [
                a_token_says_what_it_was_made_of,
                a_token_is_good_in_its_time_only,
                another_installations_tokens_are_refused,
                a_token_that_was_changed_anywhere_is_refused,
            ]
        }
    };
}

/// Mail, over a [`MailerHarness`](crate::MailerHarness).
#[macro_export]
macro_rules! mailer_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, MailerHarness;
            mailer: [
                every_mail_arrives_with_its_words,
                an_address_or_a_name_cannot_add_lines_to_a_mail,
            ]
        }
    };
}

/// A channel's adapter, over a [`ChannelAdapterHarness`](crate::ChannelAdapterHarness).
#[macro_export]
macro_rules! channel_adapter_suite {
    ($harness:ty) => {
        $crate::__cases! {
            $harness, ChannelAdapterHarness;
            channel_webhooks: [
                the_providers_webhooks_are_taken,
                a_webhook_that_was_changed_is_refused,
                a_webhook_without_its_one_signature_is_refused,
                a_webhook_is_refused_without_a_secret_and_with_anothers,
                events_have_keys_that_stay_the_same,
                the_providers_events_are_understood,
                an_event_of_an_unknown_kind_is_unsupported_and_no_error,
                any_json_can_be_taken_apart,
                what_is_not_json_is_refused,
                no_bytes_make_the_adapter_panic,
                fields_of_other_kinds_make_an_error_and_no_panic,
            ]
            channel_sends: [
                the_adapter_says_what_it_is,
                kinds_that_the_channel_cannot_carry_are_refused_beforehand,
                a_text_may_be_as_long_as_declared_and_no_longer,
                a_message_of_every_kind_can_be_sent,
                a_message_that_is_never_answered_is_uncertain,
                refused_credentials_are_told_apart,
            ]
        }
    };
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    /// The cases that a file of cases holds.
    fn cases_of(source: &str) -> impl Iterator<Item = &str> {
        source.lines().filter_map(|line| line.strip_prefix("pub async fn ")?.split('(').next())
    }

    #[test]
    fn every_case_is_in_a_suite_and_has_a_name_of_its_own() {
        let suites = include_str!("suites.rs");
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cases");
        let mut names = BTreeSet::new();
        for file in folder.read_dir().unwrap() {
            let source = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for case in cases_of(&source) {
                let line = format!("                {case},");
                assert_eq!(suites.lines().filter(|other| *other == line).count(), 1, "{case}");
                assert!(names.insert(case.to_owned()), "two cases are called {case}");
            }
        }
        assert!(names.len() > 100, "{} cases", names.len());
    }
}
