//! The page at `/`: says what this server is and lists its paths.

use poem::http::StatusCode;

use crate::exchange::Answer;

const PAGE: &str = "\
hubchat sandbox: fake LINE, Telegram and Meta. Nothing here reaches a real customer.

LINE's own paths (Authorization: Bearer <access token of a channel>)
  POST /v2/bot/message/push
  POST /v2/bot/message/reply
  GET  /v2/bot/message/quota
  GET  /v2/bot/message/quota/consumption
  GET  /v2/bot/message/{messageId}/content
  GET  /v2/bot/message/{messageId}/content/preview
  GET  /v2/bot/message/{messageId}/content/transcoding
  GET  /v2/bot/profile/{userId}
  GET  /v2/bot/group/{groupId}/summary
  GET  /v2/bot/group/{groupId}/member/{userId}
  GET  /v2/bot/room/{roomId}/member/{userId}
  GET  /v2/bot/info
  GET  /v2/bot/channel/webhook/endpoint
  PUT  /v2/bot/channel/webhook/endpoint   (plain http is accepted for loopback hosts only)
  POST /v2/bot/channel/webhook/test
  POST /v2/bot/chat/loading/start
  POST /v2/bot/chat/markAsRead
  GET  /oauth2/v2.1/verify?access_token=

Meta's own paths, below any version such as /v25.0 (Authorization: Bearer <access token>, or access_token)
  POST /{pageId | instagramId | phoneNumberId}/messages
  POST /{pageId}/message_attachments
  POST /{commentId}/comments              (Facebook)
  POST /{commentId}/replies               (Instagram)
  POST /{commentId}?is_hidden=            (Instagram: ?hide=), DELETE /{commentId}
  POST /{phoneNumberId}/media, /register
  GET  /{mediaId}, /{personId}, /{pageId}, /{instagramId}, /{phoneNumberId}, /me
  GET  /{wabaId}/message_templates, /phone_numbers
  GET, POST, DELETE /{pageId | instagramId | wabaId}/subscribed_apps
  GET  /debug_token?input_token=          (with the app's token)

A phone with the customer's side of every channel, for people
  GET    /phone

Control (no authorization, JSON)
  GET    /_sandbox/phone                  the channels, the customers, sample pictures
  POST   /_sandbox/phone/customers        {name}
  POST   /_sandbox/phone/say              {channel, personId, accountId?, do: {type: text | picture | file | react | unsend | ...}}
  GET    /_sandbox/phone/timeline?after=seq&limit=n&wait=ms
  GET    /_sandbox/phone/media/{seq}?url=
  GET    /_sandbox/meta/app, /pages, /instagram, /numbers, /callbacks
  POST   /_sandbox/meta/app               {appId?, appSecret?, verifyToken?, publicUrl?}
  POST   /_sandbox/meta/pages             {id, accessToken, name?, instagramId?}
  POST   /_sandbox/meta/instagram         {id, accessToken, username?}
  POST   /_sandbox/meta/numbers           {phoneNumberId, wabaId, accessToken, displayPhoneNumber?, verifiedName?}
  POST   /_sandbox/meta/callbacks         {object: page | instagram | whatsapp, url, unchecked?}
  POST   /_sandbox/meta/say               {channel: messenger | comment | instagram | whatsapp, accountId?, personId?, text | raw, postId?}
  POST   /_sandbox/meta/redeliver         {eventId}
  GET    /_sandbox/meta/effects
  GET, POST, DELETE /_sandbox/meta/faults
  GET    /_sandbox/line/channels
  POST   /_sandbox/line/channels          {destination?, channelSecret?, accessToken?, displayName?, basicId?, webhookUrl?}
  POST   /_sandbox/line/say               {destination?, userId?, text | kind | event}
  POST   /_sandbox/line/redeliver         {webhookEventId, times?, concurrently?}
  GET    /_sandbox/line/effects?after=seq&limit=n
  GET    /_sandbox/line/chats/{userId or groupId}
  GET    /_sandbox/line/faults
  POST   /_sandbox/line/faults            {path?, to?, action: {type, ...}, times?, every?}
  DELETE /_sandbox/line/faults?name=
  GET    /_sandbox/line/requests
  GET    /_sandbox/line/pictures/{userId}.png
";

pub(crate) fn page() -> Answer {
    Answer::bytes(StatusCode::OK, "text/plain; charset=utf-8", PAGE)
}
