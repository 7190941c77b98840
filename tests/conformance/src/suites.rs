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
        $crate::__cases! { $harness, StorageHarness; }
    };
}

/// Lists and finds for screens, over a [`StorageHarness`](crate::StorageHarness).
#[macro_export]
macro_rules! inbox_queries_suite {
    ($harness:ty) => {
        $crate::__cases! { $harness, StorageHarness; }
    };
}

/// The queue, over a [`StorageHarness`](crate::StorageHarness).
#[macro_export]
macro_rules! job_queue_suite {
    ($harness:ty) => {
        $crate::__cases! { $harness, StorageHarness; }
    };
}

/// The way in, over a [`StorageHarness`](crate::StorageHarness).
#[macro_export]
macro_rules! webhook_intake_suite {
    ($harness:ty) => {
        $crate::__cases! { $harness, StorageHarness; }
    };
}

/// Files, over a [`MediaFilesHarness`](crate::MediaFilesHarness).
#[macro_export]
macro_rules! media_files_suite {
    ($harness:ty) => {
        $crate::__cases! { $harness, MediaFilesHarness; }
    };
}

/// The vault, over a [`VaultHarness`](crate::VaultHarness).
#[macro_export]
macro_rules! vault_suite {
    ($harness:ty) => {
        $crate::__cases! { $harness, VaultHarness; }
    };
}

/// Clock, ids and randomness, over a [`ClockHarness`](crate::ClockHarness).
#[macro_export]
macro_rules! clock_suite {
    ($harness:ty) => {
        $crate::__cases! { $harness, ClockHarness; }
    };
}

/// The rate limiter, over a [`RateLimiterHarness`](crate::RateLimiterHarness).
#[macro_export]
macro_rules! rate_limiter_suite {
    ($harness:ty) => {
        $crate::__cases! { $harness, RateLimiterHarness; }
    };
}

/// A channel's adapter, over a [`ChannelAdapterHarness`](crate::ChannelAdapterHarness).
#[macro_export]
macro_rules! channel_adapter_suite {
    ($harness:ty) => {
        $crate::__cases! { $harness, ChannelAdapterHarness; }
    };
}
