//! Operations on files.

use std::sync::Arc;

use hubchat_core::UploadTypes;
use poem_openapi::{ApiResponse, OpenApi, param::Query, payload::Json};
use uuid::Uuid;

use super::Group;
use crate::{
    auth::Caller,
    problem::ApiProblem,
    state::State,
    upload::{self, UploadForm},
    wire::UploadedView,
};

/// What uploads answer.
#[derive(ApiResponse)]
pub(crate) enum Uploaded {
    /// The file is kept, to be sent by its `mediaId`.
    #[oai(status = 201)]
    Created(Json<UploadedView>),
}

pub(crate) struct MediaRoutes(pub(crate) Arc<State>);

impl MediaRoutes {
    async fn take(
        &self,
        caller: &Caller,
        types: UploadTypes,
        conversation: Option<Uuid>,
        form: UploadForm,
    ) -> Result<Uploaded, ApiProblem> {
        let media = upload::take(&self.0, caller, types, conversation, form).await?;
        Ok(Uploaded::Created(Json(UploadedView::of(&media, &self.0.hubchat.media))))
    }
}

#[OpenApi(tag = "Group::Messages")]
impl MediaRoutes {
    /// Upload a file
    ///
    /// JPEG, PNG, WebP and GIF of at most 10 MiB and 50 megapixels; PDF, MP4, M4A, MP3, Ogg and WAV of at most
    /// 25 MiB. The bytes, the declared type and the extension of the name must agree. Every request makes a
    /// file of its own. Asks for the scope `messages:send`.
    #[oai(path = "/media", method = "post", operation_id = "uploadMedia")]
    async fn upload(
        &self,
        caller: Caller,
        /// The conversation that the file is for, unless the form names it.
        #[oai(name = "conversationId")]
        conversation_id: Query<Option<Uuid>>,
        form: UploadForm,
    ) -> Result<Uploaded, ApiProblem> {
        self.take(&caller, UploadTypes::Any, conversation_id.0, form).await
    }

    /// Upload a picture
    ///
    /// JPEG, PNG or WebP of at most 10 MiB and 50 megapixels, for a message of type image. Asks for the scope
    /// `messages:send`.
    #[oai(path = "/messages/upload-image", method = "post", operation_id = "uploadImage")]
    async fn upload_image(
        &self,
        caller: Caller,
        /// The conversation that the file is for, unless the form names it.
        #[oai(name = "conversationId")]
        conversation_id: Query<Option<Uuid>>,
        form: UploadForm,
    ) -> Result<Uploaded, ApiProblem> {
        self.take(&caller, UploadTypes::Images, conversation_id.0, form).await
    }

    /// Upload a PDF
    ///
    /// At most 25 MiB, for a message of type document_pdf. Asks for the scope `messages:send`.
    #[oai(path = "/messages/upload-pdf", method = "post", operation_id = "uploadPdf")]
    async fn upload_pdf(
        &self,
        caller: Caller,
        /// The conversation that the file is for, unless the form names it.
        #[oai(name = "conversationId")]
        conversation_id: Query<Option<Uuid>>,
        form: UploadForm,
    ) -> Result<Uploaded, ApiProblem> {
        self.take(&caller, UploadTypes::Pdf, conversation_id.0, form).await
    }
}
