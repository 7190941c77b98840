//! Media files in a local folder or an object store, with thumbnails.
