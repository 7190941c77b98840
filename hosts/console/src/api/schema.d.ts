// Generated from docs/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/api/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the audit log
         * @description Newest first. Asks for the scope `admin`.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Export the audit log
         * @description Oldest first, as it is read; the export is an entry of the log itself. JSON Lines hold all that a check of
         *     the chain needs, CSV is for spreadsheets. Asks for the scope `admin`.
         */
        get: operations["exportAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/accept-invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept an invitation
         * @description By the token of a link, once. Sets a password, or proves the one that the person has, and logs in.
         */
        post: operations["acceptInvitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/change-password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password by the old one
         * @description The present session goes on, all others of the person end. For people who are logged in.
         */
        post: operations["changePassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/forgot": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask for a new password
         * @description A link comes by mail. The answer tells nobody whether there is such a person.
         */
        post: operations["forgotPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/login": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log in
         * @description With e-mail address and password. Whoever belongs to several tenants names one, or is asked to. The answer
         *     holds an access token for ten minutes; the refresh token comes as a cookie.
         */
        post: operations["logIn"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/logout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Log out
         * @description Ends the session of the cookie. Without one nothing happens.
         */
        post: operations["logOut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go on with a session
         * @description Spends the refresh token of the cookie for the next one and a new access token. A token that was spent before
         *     ends its session.
         */
        post: operations["refreshSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/reset": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Set a new password by a link
         * @description By the token of the link, once. All sessions of the person end: log in with the new password.
         */
        post: operations["resetPassword"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List one's sessions
         * @description Those that go on, of all tenants, newest first, all at once. For people who are logged in.
         */
        get: operations["listSessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * End one of one's sessions
         * @description The present one too. For people who are logged in.
         */
        delete: operations["revokeSession"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List channel accounts
         * @description Oldest first, all at once. Asks for the scope `channels:manage`.
         */
        get: operations["listChannels"];
        put?: never;
        /**
         * Connect a channel account
         * @description The provider is asked about the account unless its `destination` is given. Asks for the scope
         *     `channels:manage`.
         */
        post: operations["connectChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a channel account
         * @description The provider is told to send no more, the secrets are overwritten, and what waits to be sent fails.
         *     Conversations and messages stay. Asks for the scope `channels:manage`.
         */
        delete: operations["removeChannel"];
        options?: never;
        head?: never;
        /**
         * Change a channel account
         * @description Its name, whether it is switched on, and its credentials: those that are given replace those of the same
         *     names, once the provider did not refuse them. What waited for that goes out in order. Asks for the scope
         *     `channels:manage`.
         */
        patch: operations["updateChannel"];
        trace?: never;
    };
    "/api/channels/{id}/templates": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the templates of a channel account
         * @description As the provider keeps them now. Asks for the scope `messages:send`.
         */
        get: operations["listTemplates"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/channels/{id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test a channel account
         * @description Asks the provider about credentials, allowance and webhook, and keeps what it learns: an account
         *     whose credentials are accepted again sends what waited. Asks for the scope `channels:manage`.
         */
        post: operations["testChannel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contacts/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Erase a contact
         * @description For good: their messages, files, conversations, leads and identities, and the payloads of providers that
         *     name them. Files follow within seconds. What remains is an entry of the audit log that names nobody. Asks
         *     for the permission `data:manage`.
         */
        delete: operations["eraseContact"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/contacts/{id}/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a contact's conversations
         * @description On whichever channels, newest message first. A contact of whom you see nothing is not there. Asks for the scope `inbox:read`.
         */
        get: operations["listContactConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List conversations
         * @description Newest message first, or whoever waited longest. Asks for the scope `inbox:read`.
         */
        get: operations["listConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/counts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Count the lanes of the inbox
         * @description How many conversations each holds, and how many of them are unread for you. Asks for the scope `inbox:read`.
         */
        get: operations["countConversations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a conversation
         * @description Asks for the scope `inbox:read`.
         */
        get: operations["getConversation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a conversation
         * @description Its status, and until when it is put aside: the customer's next message brings it back before. Asks for the scope `inbox:write`.
         */
        patch: operations["updateConversation"];
        trace?: never;
    };
    "/api/conversations/{id}/draft": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read your draft
         * @description What you wrote in this conversation and have not sent, with its file; for members alone. Asks for the scope
         *     `inbox:write`.
         */
        get: operations["getDraft"];
        /**
         * Keep your draft
         * @description In place of what was kept; for members alone. A file that could not be sent is refused as sending refuses it. Asks
         *     for the scope `inbox:write`.
         */
        put: operations["saveDraft"];
        post?: never;
        /**
         * Forget your draft
         * @description That there was none is no error; for members alone. Asks for the scope `inbox:write`.
         */
        delete: operations["deleteDraft"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/mark-read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Mark a conversation read
         * @description Everything up to now was seen: by the member who asks, without taking it from colleagues, or by everybody
         *     when a key asks. With `unread` the newest message is to be looked at again. Asks for the scope `inbox:write`.
         */
        post: operations["markConversationRead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/messages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List a conversation's messages
         * @description Newest first. Asks for the scope `inbox:read`.
         */
        get: operations["listMessages"];
        put?: never;
        /**
         * Send a message into a conversation
         * @description Answers once the message is queued; `deliveryStatus` tells how far it has come. Asks for the
         *     scope `messages:send`.
         */
        post: operations["sendConversationMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Add a note to a conversation
         * @description A word among colleagues. It stands in the thread as a message of the type NOTE, and the customer never sees
         *     it. Asks for the scope `inbox:write`.
         */
        post: operations["addNote"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/send-options": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What may be sent in a conversation
         * @description By which right, until when, and why not; a message that is sent regardless is refused with the same
         *     reason. Asks for the scope `inbox:read`.
         */
        get: operations["getSendOptions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/conversations/{id}/typing": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Show the customer that someone is writing
         * @description Best effort: answers whether the channel took it. Asks for the scope `messages:send`.
         */
        post: operations["signalTyping"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what happened
         * @description Events in the order in which they were committed, without gaps, each with the rows that it is about as they
         *     are now. Without `after` there are none, and `cursor` is now. A page may be empty although there is `more`:
         *     then what happened is nothing that you may see. 410 `events_gone`: what came after the cursor is not kept any
         *     more; read the rows anew and go on from now. Asks for the scope `inbox:read`.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/inbox/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List the accounts of the inbox
         * @description The names of all channel accounts that conversations may be on, oldest first; of removed ones too, whose
         *     conversations stay. Asks for the scope `inbox:read`.
         */
        get: operations["listInboxAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List API keys
         * @description Newest first, also those that are no longer good. Asks for the permission `keys:manage`.
         */
        get: operations["listApiKeys"];
        put?: never;
        /**
         * Make an API key
         * @description It is shown this once; a repeated request makes another. It may do nothing that the caller may not. Asks for
         *     the permission `keys:manage`.
         */
        post: operations["createApiKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/keys/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description For good, and at once everywhere. One that was revoked before stays so. Asks for the permission `keys:manage`.
         */
        delete: operations["revokeApiKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List leads
         * @description Newest change first. Asks for the scope `inbox:read`.
         */
        get: operations["listLeads"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leads/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a lead
         * @description Asks for the scope `inbox:read`.
         */
        get: operations["getLead"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a lead
         * @description Changes status, tags and note, entirely or not at all. An illegal step of the lifecycle is
         *     answered 409. Asks for the scope `inbox:write`.
         */
        patch: operations["updateLead"];
        trace?: never;
    };
    "/api/leads/{id}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a lead's activity log
         * @description Newest first. Asks for the scope `inbox:read`.
         */
        get: operations["listLeadActivity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/leads/{id}/assign": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Assign a lead
         * @description To a member or a team by hand, to the member whose turn it is, or to nobody. A NEW lead becomes ASSIGNED once
         *     a member owns it. Asks for the scope `inbox:write`.
         */
        post: operations["assignLead"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read who one is
         * @description The tenant, the member, and everything that one may do. For people and API keys.
         */
        get: operations["getMe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/media": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a file
         * @description JPEG, PNG, WebP and GIF of at most 10 MiB and 50 megapixels; PDF, MP4, M4A, MP3, Ogg and WAV of at most
         *     25 MiB. The bytes, the declared type and the extension of the name must agree. Every request makes a
         *     file of its own. Asks for the scope `messages:send`.
         */
        post: operations["uploadMedia"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List members
         * @description By name, all at once. Asks for the scope `inbox:read`.
         */
        get: operations["listMembers"];
        put?: never;
        /**
         * Invite a member
         * @description They get a link by mail that is good for seven days, once. Asks for the permission `members:manage`, and for
         *     `owners:manage` to invite an owner.
         */
        post: operations["inviteMember"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/members/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change a member
         * @description Name, role, and whether they work now: DISABLED ends their sessions. Owners are made and changed by owners
         *     only, and the last active one stays. Asks for the permission `members:manage`.
         */
        patch: operations["updateMember"];
        trace?: never;
    };
    "/api/members/{id}/invite": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Invite a member again
         * @description Another link for somebody who has not come yet; the former one is void. Asks for the permission
         *     `members:manage`.
         */
        post: operations["inviteMemberAgain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/send": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message
         * @description Into a conversation, or into the newest conversation of a lead. Answers once the message is
         *     queued; `deliveryStatus` tells how far it has come. Asks for the scope `messages:send`.
         */
        post: operations["sendMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/upload-image": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a picture
         * @description JPEG, PNG or WebP of at most 10 MiB and 50 megapixels, for a message of type image. Asks for the scope
         *     `messages:send`.
         */
        post: operations["uploadImage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/upload-pdf": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload a PDF
         * @description At most 25 MiB, for a message of type document_pdf. Asks for the scope `messages:send`.
         */
        post: operations["uploadPdf"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a message
         * @description Asks for the scope `inbox:read`.
         */
        get: operations["getMessage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/messages/{id}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a message again
         * @description One that FAILED is queued again. One that is UNCERTAIN may have arrived, and is queued again only with
         *     `confirm`. Asks for the scope `messages:send`.
         */
        post: operations["retryMessage"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the settings
         * @description Asks for the permission `settings:manage`.
         */
        get: operations["getSettings"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Change settings
         * @description All that are named, or none. Every process sees the change within five seconds. Asks for the permission
         *     `settings:manage`.
         */
        patch: operations["updateSettings"];
        trace?: never;
    };
    "/api/teams": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List teams
         * @description By name, all at once. Asks for the scope `inbox:read`.
         */
        get: operations["listTeams"];
        put?: never;
        /**
         * Make a team
         * @description Asks for the scope `admin`.
         */
        post: operations["createTeam"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/teams/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove a team
         * @description Its leads stay with their owners; those without one belong to nobody from then on. Asks for the scope `admin`.
         */
        delete: operations["deleteTeam"];
        options?: never;
        head?: never;
        /**
         * Change a team
         * @description Its name, its members or both, entirely or not at all. Asks for the scope `admin`.
         */
        patch: operations["updateTeam"];
        trace?: never;
    };
    "/api/teams/{id}/members/{memberId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Add a member to a team
         * @description Who is of it already stays. Asks for the scope `admin`.
         */
        put: operations["addTeamMember"];
        post?: never;
        /**
         * Take a member out of a team
         * @description Who is not of it is no error. They keep the leads that they own. Asks for the scope `admin`.
         */
        delete: operations["removeTeamMember"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/webhook/{channel}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive a webhook of the account that its body names
         * @description For providers. The signature is checked over the exact bytes; the answer comes once every event is durable. At most one MiB.
         */
        post: operations["receiveWebhookByDestination"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/ws/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get a ticket for a socket
         * @description Good once, for 30 seconds: `new WebSocket(url, ["hubchat.v1", "ticket." + ticket])` at `/api/ws`, or a `renew`
         *     frame of an open socket. Asks for the scope `inbox:read`.
         */
        post: operations["createSocketTicket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the process is alive */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/media/{tenant}/{id}/{variant}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a file by its signed link
         * @description Links come with messages and uploads; they cannot be made up.
         */
        get: operations["openMedia"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What this process counts */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether requests should come here */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{channel}/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Receive a webhook of an account
         * @description For providers. The signature is checked over the exact bytes; the answer comes once every event is durable. At most one MiB.
         */
        post: operations["receiveWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * AccountCheck
         * @description What the provider tells of an account, or why it told nothing.
         */
        AccountCheck: {
            /** @description The provider's id of the account. */
            destination?: string;
            /** @description Its name there. */
            displayName?: string;
            /** @description Why not. */
            error?: string;
            /**
             * Format: date-time
             * @description When the credentials end, where that is known.
             */
            expiresAt?: string;
            /** @description The kinds of event that the provider does not send and should, in its own words. */
            missingSubscriptions?: string[];
            /** @description Whether the provider accepted the credentials. */
            ok: boolean;
            /** @description Its allowance. */
            quota?: components["schemas"]["QuotaUse"];
            /** @description Whether webhooks are switched on there. */
            webhookActive?: boolean;
            /** @description The webhook address set there. */
            webhookUrl?: string;
        };
        /** @enum {string} */
        AccountStatus: "ACTIVE" | "PAUSED" | "UNAUTHORIZED" | "DEGRADED" | "REMOVED";
        /**
         * Activity
         * @description One line of a lead's activity log.
         */
        Activity: {
            /** @description Who did it. */
            author: components["schemas"]["Author"];
            /**
             * Format: date-time
             * @description When.
             */
            createdAt: string;
            /** @description The particulars: ids, former and new values. */
            detail: unknown;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: uuid
             * @description The lead.
             */
            leadId: string;
            /** @description What happened. */
            type: components["schemas"]["ActivityKind"];
        };
        /** @enum {string} */
        ActivityKind: "LEAD_CREATED" | "MESSAGE_RECEIVED" | "MESSAGE_SENT" | "STATUS_CHANGED" | "ASSIGNED" | "NOTE_ADDED" | "TAGS_CHANGED";
        /**
         * ApiKey
         * @description An API key; never its secret.
         */
        ApiKey: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Format: date-time
             * @description From when on it is no longer good; absent never ends.
             */
            expiresAt?: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was last used, to the minute.
             */
            lastUsedAt?: string;
            /** @description What it is for. */
            name: string;
            /** @description How it begins. */
            prefix: string;
            /**
             * Format: date-time
             * @description When it was revoked.
             */
            revokedAt?: string;
            /** @description What it may do. */
            scopes: components["schemas"]["Scope"][];
        };
        /** @enum {string} */
        AssignMode: "MANUAL" | "TEAM" | "AUTO_ROUND_ROBIN" | "NOBODY";
        /** @enum {string} */
        AuditAction: "TENANT_CREATED" | "SETTINGS_CHANGED" | "LEAD_UPDATED" | "LEAD_ASSIGNED" | "CONVERSATION_UPDATED" | "MESSAGE_SENT" | "MESSAGE_RETRIED" | "NOTE_ADDED" | "MEDIA_UPLOADED" | "CHANNEL_CONNECTED" | "CHANNEL_UPDATED" | "CHANNEL_REMOVED" | "CHANNEL_STATUS_CHANGED" | "EVENTS_ADOPTED" | "MEMBER_CREATED" | "MEMBER_INVITED" | "INVITATION_ACCEPTED" | "MEMBER_UPDATED" | "MEMBER_REMOVED" | "MEMBER_SIGNED_IN" | "MEMBER_SIGNED_OUT" | "SESSION_REVOKED" | "REFRESH_TOKEN_REUSED" | "PASSWORD_RESET_REQUESTED" | "PASSWORD_RESET" | "PASSWORD_CHANGED" | "TEAM_CREATED" | "TEAM_UPDATED" | "TEAM_DELETED" | "API_KEY_CREATED" | "API_KEY_REVOKED" | "KEYS_ROTATED" | "DEAD_LETTER_REPLAYED" | "DEAD_LETTER_DISCARDED" | "CONTACT_ERASED" | "RETENTION_RUN" | "DATA_EXPORTED" | "AUDIT_EXPORTED";
        /**
         * AuditActor
         * @description Who did it.
         */
        AuditActor: {
            /**
             * Format: uuid
             * @description The member or the API key.
             */
            id?: string;
            /** @description `MEMBER`, `API_KEY` or `SYSTEM`. */
            type: string;
        };
        /**
         * AuditEntry
         * @description An entry of the audit log.
         */
        AuditEntry: {
            /** @description What was done. */
            action: components["schemas"]["AuditAction"];
            /** @description Who did it. */
            actor: components["schemas"]["AuditActor"];
            /** @description The address of the one who asked. */
            address?: string;
            /** @description What changed, as it was afterwards. */
            after?: unknown;
            /**
             * Format: date-time
             * @description When it was done.
             */
            at: string;
            /** @description What changed, as it was. */
            before?: unknown;
            /** @description SHA-256 over the hash of the entry before and this one, in hexadecimal digits. */
            hash: string;
            /** @description The id of their request. */
            requestId?: string;
            /**
             * Format: int64
             * @description Its place in the tenant's log: from 1, without gaps, in the order of commits.
             */
            seq: number;
            /** @description On what. */
            subject: components["schemas"]["AuditSubject"];
        };
        /**
         * AuditSubject
         * @description On what it was done.
         */
        AuditSubject: {
            /** @description Its id. */
            id: string;
            /** @description What kind of thing. */
            type: components["schemas"]["SubjectKind"];
        };
        /**
         * Author
         * @description Who did something.
         */
        Author: {
            /**
             * Format: uuid
             * @description The member or the API key.
             */
            id?: string;
            /** @description `member`, `apiKey` or `system`. */
            type: string;
        };
        /**
         * Channel
         * @description A connected account of a channel.
         */
        Channel: {
            /** @description The channel. */
            channelType: components["schemas"]["ChannelType"];
            /**
             * Format: date-time
             * @description When it was connected.
             */
            createdAt: string;
            /** @description The provider's id of the account; for LINE the `destination` of its webhooks. */
            destination?: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When the provider was last asked about the account, by a test or every hour, and told whether it takes the
             *     credentials; absent when it never did.
             */
            lastCheckedAt?: string;
            /** @description The name that people read. */
            name: string;
            /** @description Whether it may be used. */
            status: components["schemas"]["AccountStatus"];
            /** @description Why it is not active. */
            statusReason?: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updatedAt: string;
            /** @description Where the provider is to send webhooks, below the public address. Keep it to yourself. */
            webhookPath: string;
            /** @description The same as a whole address, when the public address is configured. */
            webhookUrl?: string;
        };
        /**
         * ChannelPatch
         * @description What to change of an account; what is absent stays.
         */
        ChannelPatch: {
            /** @description Secrets that replace those of the same names; the provider is asked about them first. */
            credentials?: {
                [key: string]: string;
            };
            /** @description The name that people read: 1 to 200 characters. */
            name?: string;
            /** @description Switches the account on or off. */
            status?: components["schemas"]["ChannelSwitch"];
        };
        /**
         * @description Whether an account is to be switched on.
         * @enum {string}
         */
        ChannelSwitch: "ACTIVE" | "PAUSED";
        /**
         * ChannelTest
         * @description What a test of an account gave.
         */
        ChannelTest: {
            /** @description The account after the test. */
            channel: components["schemas"]["Channel"];
            /** @description The provider's answer. */
            check: components["schemas"]["AccountCheck"];
            /** @description The webhook address that the provider should have, when the public address is configured. */
            expectedWebhookUrl?: string;
            /** @description Whether messages can come in and go out. */
            healthy: boolean;
            /** @description The provider's own test of that address, when it was asked. */
            webhookTest?: components["schemas"]["WebhookTest"];
        };
        /**
         * ChannelTestRequest
         * @description How to test an account.
         */
        ChannelTestRequest: {
            /**
             * @description Also tell the provider our webhook address first.
             * @default false
             */
            setWebhook?: boolean;
        };
        /** @enum {string} */
        ChannelType: "LINE" | "FACEBOOK" | "INSTAGRAM" | "WHATSAPP" | "TELEGRAM" | "WEBCHAT" | "TIKTOK" | "SHOPEE" | "LAZADA";
        /**
         * ConnectedChannel
         * @description An account that was connected just now.
         */
        ConnectedChannel: {
            /** @description The channel. */
            channelType: components["schemas"]["ChannelType"];
            /**
             * Format: date-time
             * @description When it was connected.
             */
            createdAt: string;
            /** @description The provider's id of the account; for LINE the `destination` of its webhooks. */
            destination?: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When the provider was last asked about the account, by a test or every hour, and told whether it takes the
             *     credentials; absent when it never did.
             */
            lastCheckedAt?: string;
            /** @description The name that people read. */
            name: string;
            /** @description Whether it may be used. */
            status: components["schemas"]["AccountStatus"];
            /** @description Why it is not active. */
            statusReason?: string;
            /** @description Why the provider could not be asked about the credentials; they are kept all the same. */
            unchecked?: string;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updatedAt: string;
            /** @description Where the provider is to send webhooks, below the public address. Keep it to yourself. */
            webhookPath: string;
            /** @description The same as a whole address, when the public address is configured. */
            webhookUrl?: string;
        };
        /**
         * Conversation
         * @description A thread of messages with a customer on one channel account.
         */
        Conversation: {
            /**
             * Format: uuid
             * @description Who owns the lead.
             */
            assignedMemberId?: string;
            /** @description The owner's name. */
            assignedMemberName?: string;
            /**
             * Format: uuid
             * @description The team that the lead was given to.
             */
            assignedTeamId?: string;
            /** @description The team's name. */
            assignedTeamName?: string;
            /**
             * Format: uuid
             * @description The account.
             */
            channelAccountId: string;
            /** @description The account's name. */
            channelAccountName: string;
            /** @description The account's channel. */
            channelType: components["schemas"]["ChannelType"];
            /** @description The newest comment of such a thread. */
            commentId?: string;
            /**
             * Format: uuid
             * @description The customer.
             */
            contactId: string;
            /** @description The customer's name on the channel, when known. */
            contactIdentityDisplayName?: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            createdAt: string;
            /** @description The provider's id of the thread: the person, the group or the room. */
            externalThreadId: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: int64
             * @description How many messages the customer wrote that ask for something; it only grows.
             */
            inboundCount: number;
            /**
             * Format: date-time
             * @description When the customer last wrote.
             */
            lastInboundAt?: string;
            /**
             * Format: date-time
             * @description When the newest message was written.
             */
            lastMessageAt: string;
            /** @description The newest message in a line. */
            lastMessagePreview?: string;
            /** @description The newest message's type. */
            lastMessageType?: components["schemas"]["MessageKind"];
            /**
             * Format: uuid
             * @description The lead that it now belongs to.
             */
            leadId: string;
            /** @description Where the lead stands. */
            leadStatus: components["schemas"]["LeadStatus"];
            /** @description The name to show. */
            participantDisplayName: string;
            /** @description The picture to show; always HTTPS. */
            participantProfileImageUrl?: string;
            /** @description The post, for threads that began with a comment. */
            postId?: string;
            /**
             * Format: date-time
             * @description When the comment had its private reply.
             */
            privateReplyAt?: string;
            /**
             * Format: date-time
             * @description Until when it is put aside, unless the customer writes before.
             */
            snoozedUntil?: string;
            /** @description Another system answers this thread now; nothing can be sent. */
            standby: boolean;
            /** @description Whether it needs someone. */
            status: components["schemas"]["ConversationStatus"];
            /** @description With one person, a named group or a nameless one, or about a comment. */
            threadType: components["schemas"]["ThreadKind"];
            /**
             * Format: int64
             * @description Messages that nobody answered and that the member who asks has not seen; for a key those since the
             *     conversation was last marked read for everybody.
             */
            unreadCount: number;
            /**
             * Format: date-time
             * @description When it last changed.
             */
            updatedAt: string;
            /**
             * Format: int64
             * @description Rises with each change: of two versions of the conversation the higher one is the newer.
             */
            version: number;
            /**
             * Format: date-time
             * @description Since when the customer waits for an answer.
             */
            waitingSince?: string;
        };
        /**
         * ConversationPatch
         * @description What to change of a conversation; what is absent stays.
         */
        ConversationPatch: {
            /**
             * Format: date-time
             * @description Until when it is put aside, within a year; null takes it back.
             */
            snoozedUntil?: string | null;
            /** @description Its status from now on. */
            status?: components["schemas"]["ConversationStatus"];
        };
        /** @enum {string} */
        ConversationSort: "LATEST" | "LONGEST_WAITING";
        /** @enum {string} */
        ConversationStatus: "OPEN" | "PENDING" | "RESOLVED";
        /**
         * CreateApiKeyRequest
         * @description What to make.
         */
        CreateApiKeyRequest: {
            /**
             * Format: date-time
             * @description From when on it is no longer good; absent never ends.
             */
            expiresAt?: string;
            /** @description What it is for: 1 to 200 characters. */
            name: string;
            /** @description What it may do, at least one. */
            scopes: components["schemas"]["Scope"][];
        };
        /**
         * DeliveryFailure
         * @description Why a message was not delivered.
         */
        DeliveryFailure: {
            /** @description A stable code. */
            code: string;
            /** @description The reason in words. */
            reason: string;
        };
        /** @enum {string} */
        DeliveryStatus: "QUEUED" | "UNCERTAIN" | "SENT" | "FAILED" | "DELIVERED" | "READ";
        /** @enum {string} */
        Direction: "INBOUND" | "OUTBOUND" | "INTERNAL";
        /**
         * Draft
         * @description What a member wrote and has not sent.
         */
        Draft: {
            /** @description That file. */
            file?: components["schemas"]["UploadedMedia"];
            /**
             * Format: uuid
             * @description The uploaded file that is to go with it; absent also when it is gone since.
             */
            mediaId?: string;
            /** @description It is to be a note. */
            note: boolean;
            /** @description The words. */
            text: string;
            /**
             * Format: date-time
             * @description When it was last changed.
             */
            updatedAt: string;
        };
        /**
         * ErasedContact
         * @description What of a contact was erased.
         */
        ErasedContact: {
            /**
             * Format: uint64
             * @description Conversations.
             */
            conversations: number;
            /**
             * Format: uint64
             * @description Their files.
             */
            files: number;
            /**
             * Format: uint64
             * @description Identities on channel accounts.
             */
            identities: number;
            /**
             * Format: uint64
             * @description Leads, with their activity logs.
             */
            leads: number;
            /**
             * Format: uint64
             * @description Their messages.
             */
            messages: number;
            /**
             * Format: uint64
             * @description Received webhook events whose payloads named the contact.
             */
            webhookEvents: number;
        };
        /**
         * Event
         * @description Something that happened. The rows are as they are now, not as they were then: take one over unless you have a
         *     newer one already.
         */
        Event: {
            /**
             * Format: date-time
             * @description When.
             */
            at: string;
            /** @description The conversation; of a lead's events the newest one of the lead. */
            conversation?: components["schemas"]["Conversation"];
            /**
             * Format: uuid
             * @description The conversation concerned.
             */
            conversationId?: string;
            /** @description From here it goes on: the next events come after this cursor. */
            cursor: string;
            /** @description Particulars of the type. */
            data: unknown;
            /** @description The lead, in its own events. */
            lead?: components["schemas"]["Lead"];
            /**
             * Format: uuid
             * @description The lead concerned.
             */
            leadId?: string;
            /** @description The message. */
            message?: components["schemas"]["Message"];
            /**
             * Format: uuid
             * @description The message concerned.
             */
            messageId?: string;
            /** @description What happened. `lead.hidden`: a lead has left what you may see; forget it and all that belongs to it. */
            type: components["schemas"]["EventType"];
        };
        /**
         * EventPage
         * @description Events in their order.
         */
        EventPage: {
            /** @description What to give as `after` next. */
            cursor: string;
            /** @description What you may see of what happened. */
            items: components["schemas"]["Event"][];
            /** @description There is more already. */
            more: boolean;
        };
        /** @enum {string} */
        EventType: "lead.created" | "lead.updated" | "lead.hidden" | "conversation.created" | "conversation.updated" | "message.created" | "message.updated" | "contact.updated" | "channel.updated";
        /** @enum {string} */
        ExportFormat: "csv" | "jsonl";
        /**
         * ForgottenPassword
         * @description Who forgot their password.
         */
        ForgottenPassword: {
            /** @description The e-mail address. */
            email: string;
        };
        /**
         * InboxAccount
         * @description A channel account as the inbox names it.
         */
        InboxAccount: {
            /** @description The channel. */
            channelType: components["schemas"]["ChannelType"];
            /**
             * Format: uuid
             * @description Its id: the `channelAccountId` of conversations.
             */
            id: string;
            /** @description The name that people read. */
            name: string;
            /** @description Whether it may be used. */
            status: components["schemas"]["AccountStatus"];
        };
        /**
         * InvitationAcceptance
         * @description Who follows an invitation.
         */
        InvitationAcceptance: {
            /** @description Their e-mail address; needed with a first owner's link that names nobody. */
            email?: string;
            /** @description Their name, if it should be another; needed with a first owner's link that names nobody. */
            name?: string;
            /**
             * Format: password
             * @description A new password of 12 to 256 characters, or the present one of somebody who has one already.
             */
            password: string;
            /**
             * Format: password
             * @description What stands behind `#token=` in the link.
             */
            token: string;
        };
        /**
         * LaneCount
         * @description How much is in a lane.
         */
        LaneCount: {
            /**
             * Format: int64
             * @description Conversations.
             */
            total: number;
            /**
             * Format: int64
             * @description Those of them with messages that are unread for who asks.
             */
            unread: number;
        };
        /**
         * LaneCounts
         * @description How much is in each lane: open and pending conversations that nobody put aside, but for `snoozed`.
         */
        LaneCounts: {
            /** @description All. */
            all: components["schemas"]["LaneCount"];
            /** @description With notes that mention who asks and that they have not seen. */
            mentioned: components["schemas"]["LaneCount"];
            /** @description Of leads that who asks owns. */
            mine: components["schemas"]["LaneCount"];
            /** @description Put aside. */
            snoozed: components["schemas"]["LaneCount"];
            /** @description Of leads that were given to a team of who asks. */
            team: components["schemas"]["LaneCount"];
            /** @description Of leads that no member owns. */
            unassigned: components["schemas"]["LaneCount"];
            /** @description Where the customer waits for an answer. */
            waiting: components["schemas"]["LaneCount"];
        };
        /**
         * Lead
         * @description A chance to sell to a contact, with what its newest conversation shows.
         */
        Lead: {
            /**
             * Format: uuid
             * @description Who owns it.
             */
            assignedMemberId?: string;
            /** @description The owner's name. */
            assignedMemberName?: string;
            /**
             * Format: uuid
             * @description The team that it was given to.
             */
            assignedTeamId?: string;
            /** @description The team's name. */
            assignedTeamName?: string;
            /**
             * Format: uuid
             * @description The account that the customer first wrote to.
             */
            channelAccountId: string;
            /** @description The channel of that account. */
            channelType: components["schemas"]["ChannelType"];
            /**
             * Format: date-time
             * @description When it was won or lost.
             */
            closedAt?: string;
            /**
             * Format: uuid
             * @description The customer.
             */
            contactId: string;
            /** @description The customer's name, when known. */
            contactName?: string;
            /**
             * Format: uuid
             * @description The newest conversation.
             */
            conversationId?: string;
            /**
             * Format: date-time
             * @description When it was opened.
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When that was written.
             */
            lastMessageAt?: string;
            /** @description The newest message in a line. */
            lastMessagePreview?: string;
            /** @description A free note. */
            note?: string;
            /** @description The name to show. */
            participantDisplayName: string;
            /** @description The picture to show; always HTTPS. */
            participantProfileImageUrl?: string;
            /** @description What first brought the customer: an advertisement, a link. */
            referral?: unknown;
            /** @description Where it stands. */
            status: components["schemas"]["LeadStatus"];
            /** @description Labels, in the order given. */
            tags: string[];
            /**
             * Format: int32
             * @description Unread messages of the newest conversation.
             */
            unreadCount: number;
            /**
             * Format: date-time
             * @description When it last changed, or its customer last wrote.
             */
            updatedAt: string;
        };
        /**
         * LeadAssignment
         * @description Who gets a lead.
         */
        LeadAssignment: {
            /**
             * Format: uuid
             * @description The member, with MANUAL.
             */
            memberId?: string;
            /**
             * @description MANUAL gives it to `memberId`, TEAM to `teamId`, AUTO_ROUND_ROBIN to the active member whose turn it is (of
             *     `teamId`, when it is given), NOBODY takes it from everyone.
             */
            mode: components["schemas"]["AssignMode"];
            /**
             * Format: uuid
             * @description The team, with TEAM and, if there is to be one, with AUTO_ROUND_ROBIN.
             */
            teamId?: string;
        };
        /**
         * LeadPatch
         * @description What to change of a lead; what is absent stays.
         */
        LeadPatch: {
            /** @description Its note from now on: at most 10,000 characters; null or blank clears it. */
            note?: string | null;
            /** @description Where it goes: the next step, or LOST. */
            status?: components["schemas"]["LeadStatus"];
            /** @description Its tags from now on: at most 50, each of 1 to 64 characters. */
            tags?: string[];
        };
        /** @enum {string} */
        LeadStatus: "NEW" | "ASSIGNED" | "CONTACTED" | "QUALIFIED" | "PROPOSAL_SENT" | "NEGOTIATION" | "WON" | "LOST";
        /**
         * Listing_Activity
         * @description A page of a list.
         */
        Listing_Activity: {
            /** @description The rows. */
            items: components["schemas"]["Activity"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_ApiKey
         * @description A page of a list.
         */
        Listing_ApiKey: {
            /** @description The rows. */
            items: components["schemas"]["ApiKey"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_AuditEntry
         * @description A page of a list.
         */
        Listing_AuditEntry: {
            /** @description The rows. */
            items: components["schemas"]["AuditEntry"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_Channel
         * @description A page of a list.
         */
        Listing_Channel: {
            /** @description The rows. */
            items: components["schemas"]["Channel"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_Conversation
         * @description A page of a list.
         */
        Listing_Conversation: {
            /** @description The rows. */
            items: components["schemas"]["Conversation"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_InboxAccount
         * @description A page of a list.
         */
        Listing_InboxAccount: {
            /** @description The rows. */
            items: components["schemas"]["InboxAccount"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_Lead
         * @description A page of a list.
         */
        Listing_Lead: {
            /** @description The rows. */
            items: components["schemas"]["Lead"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_Member
         * @description A page of a list.
         */
        Listing_Member: {
            /** @description The rows. */
            items: components["schemas"]["Member"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_Message
         * @description A page of a list.
         */
        Listing_Message: {
            /** @description The rows. */
            items: components["schemas"]["Message"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_Session
         * @description A page of a list.
         */
        Listing_Session: {
            /** @description The rows. */
            items: components["schemas"]["Session"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Listing_Team
         * @description A page of a list.
         */
        Listing_Team: {
            /** @description The rows. */
            items: components["schemas"]["Team"][];
            /** @description What to give as `cursor` for the next page; absent on the last one. */
            nextCursor?: string;
        };
        /**
         * Login
         * @description Who wants to come in.
         */
        Login: {
            /** @description The e-mail address. */
            email: string;
            /**
             * Format: password
             * @description The password.
             */
            password: string;
            /** @description The slug of the tenant; needed by people who belong to several. */
            tenant?: string;
        };
        /** @enum {string} */
        LoginOutcome: "SESSION" | "CHOOSE_TENANT";
        /**
         * LoginResult
         * @description What a right password leads to: a session, or a choice of tenants.
         */
        LoginResult: {
            /** @description SESSION, or CHOOSE_TENANT when the person belongs to several and named none: ask again with `tenant`. */
            outcome: components["schemas"]["LoginOutcome"];
            /** @description With SESSION: the token and the session. */
            session?: components["schemas"]["SignedIn"];
            /** @description With CHOOSE_TENANT: the tenants, by slug. */
            tenants?: components["schemas"]["Tenant"][];
        };
        /**
         * Me
         * @description Who one is.
         */
        Me: {
            /** @description The member; absent for an API key. */
            member?: components["schemas"]["Member"];
            /** @description Everything that one may do. */
            permissions: components["schemas"]["Permission"][];
            /** @description What the member may do, in a word; absent for an API key. */
            role?: components["schemas"]["MemberRole"];
            /** @description The log-in; absent for an API key. */
            session?: components["schemas"]["Session"];
            /** @description The tenant. */
            tenant: components["schemas"]["Tenant"];
        };
        /**
         * Media
         * @description A message's file.
         */
        Media: {
            /** @description Its type, known from its bytes. */
            contentType?: string;
            /**
             * Format: uint64
             * @description How long it plays, in milliseconds.
             */
            durationMs?: number;
            /** @description Why there is no copy. */
            failure?: string;
            /** @description Its name. */
            fileName?: string;
            /**
             * Format: uuid
             * @description Its id, when hubchat keeps a copy or will.
             */
            id?: string;
            /**
             * Format: uint64
             * @description Its size in bytes.
             */
            size?: number;
            /** @description Whether hubchat has its copy. */
            status?: components["schemas"]["MediaStatus"];
            /** @description Where to read the small picture; good for an hour. */
            thumbnailUrl?: string;
            /** @description Where to read it: a link good for an hour, or the sender's own address. */
            url?: string;
        };
        /**
         * MediaLimit
         * @description How large a file of a type may be.
         */
        MediaLimit: {
            /** @description The types of file; empty when the provider names none. */
            contentTypes: string[];
            /**
             * Format: uint64
             * @description The most bytes.
             */
            maxBytes: number;
            /** @description The type of message. */
            messageType: components["schemas"]["MessageKind"];
        };
        /** @enum {string} */
        MediaStatus: "PENDING" | "STORED" | "FAILED" | "GONE";
        /**
         * Member
         * @description A person who works for the tenant.
         */
        Member: {
            /**
             * Format: date-time
             * @description When they were added.
             */
            createdAt: string;
            /** @description Their e-mail address. */
            email: string;
            /**
             * Format: uuid
             * @description Their id.
             */
            id: string;
            /** @description Their name. */
            name: string;
            /** @description What they may do. */
            role: components["schemas"]["MemberRole"];
            /** @description Whether they work now, or are invited and have not come yet. */
            status: components["schemas"]["MemberStatus"];
        };
        /**
         * MemberInvitation
         * @description Whom to invite.
         */
        MemberInvitation: {
            /** @description Their e-mail address. */
            email: string;
            /** @description Their name: 1 to 200 characters. */
            name: string;
            /** @description What they will be allowed to do. */
            role: components["schemas"]["MemberRole"];
        };
        /**
         * MemberPatch
         * @description What to change of a member; what is absent stays.
         */
        MemberPatch: {
            /** @description Their name from now on: 1 to 200 characters. */
            name?: string;
            /** @description Their role from now on. */
            role?: components["schemas"]["MemberRole"];
            /** @description ACTIVE or DISABLED. */
            status?: components["schemas"]["MemberStatus"];
        };
        /** @enum {string} */
        MemberRole: "OWNER" | "ADMIN" | "MANAGER" | "SALES" | "VIEWER";
        /** @enum {string} */
        MemberStatus: "INVITED" | "ACTIVE" | "DISABLED";
        /**
         * Message
         * @description One message, in either direction.
         */
        Message: {
            /** @description The particulars of a sticker, place, reaction or structured message. */
            attributes?: unknown;
            /** @description The writer's own id of it, when one was given. */
            clientMessageId?: string;
            /** @description What it says in words; null where it has none, and once its writer took it back. */
            content?: string | null;
            /**
             * Format: uuid
             * @description Its thread.
             */
            conversationId: string;
            /**
             * Format: date-time
             * @description When hubchat learned of it.
             */
            createdAt: string;
            /** @description How far it has come. */
            deliveryStatus: components["schemas"]["DeliveryStatus"];
            /** @description Which way it goes. */
            direction: components["schemas"]["Direction"];
            /**
             * Format: date-time
             * @description When its writer last changed it.
             */
            editedAt?: string;
            /** @description The provider's id. */
            externalMessageId?: string;
            /** @description Why it failed or is uncertain. */
            failure?: components["schemas"]["DeliveryFailure"];
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: uuid
             * @description The lead at the time.
             */
            leadId: string;
            /** @description Its file. */
            media?: components["schemas"]["Media"];
            /** @description The members who are to look at a note. */
            mentions?: string[];
            /** @description What kind of message. */
            messageType: components["schemas"]["MessageKind"];
            /**
             * Format: date-time
             * @description When it was written; threads are ordered by it.
             */
            occurredAt: string;
            /** @description The provider's id of the message that it answers. */
            replyToExternalMessageId?: string;
            /** @description Who wrote it. */
            sender: components["schemas"]["Sender"];
            /**
             * Format: date-time
             * @description When the provider accepted it.
             */
            sentAt?: string;
            /**
             * Format: int64
             * @description Its place in the thread, by arrival, from 1.
             */
            seq: number;
            /**
             * Format: date-time
             * @description When its writer took it back.
             */
            unsentAt?: string;
        };
        /** @enum {string} */
        MessageKind: "TEXT" | "IMAGE" | "VIDEO" | "AUDIO" | "FILE" | "STICKER" | "LOCATION" | "REACTION" | "TEMPLATE" | "PUBLIC_REPLY" | "NOTE" | "SYSTEM";
        /**
         * NewApiKey
         * @description A key that was made.
         */
        NewApiKey: {
            /** @description What is kept of it. */
            apiKey: components["schemas"]["ApiKey"];
            /** @description The key itself, shown this once. */
            readonly key: string;
        };
        /**
         * NewChannel
         * @description An account to be connected.
         */
        NewChannel: {
            /** @description The channel. */
            channelType: components["schemas"]["ChannelType"];
            /** @description The secrets; for LINE `channelSecret` and `accessToken`, for Telegram `botToken`. */
            credentials: {
                [key: string]: string;
            };
            /** @description The provider's id of the account, if known; the provider is asked for it otherwise. */
            destination?: string;
            /** @description The name that people read: 1 to 200 characters. */
            name: string;
        };
        /**
         * NewDraft
         * @description What a member writes and has not sent.
         */
        NewDraft: {
            /**
             * Format: uuid
             * @description The uploaded file that is to go with it.
             */
            mediaId?: string;
            /**
             * @description It is to be a note.
             * @default false
             */
            note?: boolean;
            /** @description The words, at most 10,000 characters. */
            text: string;
        };
        /**
         * NewMessage
         * @description A message for the conversation of the path. Which fields it has depends on its type.
         */
        NewMessage: {
            /** @description The postal address, with type location. */
            address?: string;
            /** @description Your own id of it, 1 to 64 characters: it comes back with the message and in events. */
            clientMessageId?: string;
            /** @description The text, with type text. */
            content?: string;
            /**
             * Format: uint64
             * @description How long it plays, in milliseconds, with type audio.
             */
            durationMs?: number;
            /** @description The name that the customer sees, with type document_pdf. */
            fileName?: string;
            /**
             * Format: double
             * @description Degrees north, with type location.
             */
            latitude?: number;
            /**
             * Format: double
             * @description Degrees east, with type location.
             */
            longitude?: number;
            /**
             * Format: uuid
             * @description A file that hubchat keeps, with type image, video, audio or document_pdf.
             */
            mediaId?: string;
            /** @description The HTTPS address of a file, with type image, video, audio or document_pdf. */
            mediaUrl?: string;
            /** @description The package, with type sticker. */
            packageId?: string;
            /** @description The answers to choose from, with type text: at most 13. */
            quickReplies?: components["schemas"]["QuickReply"][];
            /**
             * Format: uuid
             * @description The message that this one answers; quoted where the channel can.
             */
            replyTo?: string;
            /** @description The sticker, with type sticker. */
            stickerId?: string;
            /** @description The template, with type template. */
            template?: components["schemas"]["TemplateMessage"];
            /** @description What the place is called, with type location. */
            title?: string;
            /** @description What to send. */
            type: components["schemas"]["SendType"];
            /** @description Who wrote it: PERSON lets some channels carry it later than what a PROGRAM wrote. PROGRAM unless given. */
            writtenBy?: components["schemas"]["Writer"];
        };
        /**
         * NewNote
         * @description A note among colleagues; the customer never sees it.
         */
        NewNote: {
            /** @description Your own id of it, 1 to 64 characters: it comes back with the message. */
            clientMessageId?: string;
            /** @description The members who are to look at it, at most 20. */
            mentions?: string[];
            /** @description Its text, 1 to 4,000 characters. */
            text: string;
        };
        /**
         * NewTeam
         * @description A team to make.
         */
        NewTeam: {
            /** @description Its first members. */
            memberIds?: string[];
            /** @description Its name: 1 to 100 characters. */
            name: string;
        };
        /**
         * Nothing
         * @description A body without fields: JSON, so that no form of another site can be sent.
         */
        Nothing: Record<string, never>;
        /**
         * PasswordChange
         * @description A new password, by the old one.
         */
        PasswordChange: {
            /**
             * Format: password
             * @description The present password.
             */
            currentPassword: string;
            /**
             * Format: password
             * @description 12 to 256 characters.
             */
            newPassword: string;
        };
        /**
         * PasswordReset
         * @description A new password, by a link.
         */
        PasswordReset: {
            /**
             * Format: password
             * @description 12 to 256 characters.
             */
            newPassword: string;
            /**
             * Format: password
             * @description What stands behind `#token=` in the link.
             */
            token: string;
        };
        /** @enum {string} */
        Permission: "inbox:read" | "leads:write" | "leads:assign" | "messages:send" | "metrics:read" | "channels:manage" | "keys:manage" | "members:manage" | "owners:manage" | "settings:manage" | "audit:read" | "data:manage";
        /**
         * Problem
         * @description What went wrong (RFC 9457).
         */
        Problem: {
            /** @description The stable code of the kind of problem. */
            code: string;
            /** @description What happened this time, in words. */
            detail?: string;
            /** @description The part of the request at fault. */
            field?: string;
            /** @description The id under which the log has more. */
            requestId: string;
            /**
             * Format: uint16
             * @description The HTTP status.
             */
            status: number;
            /** @description The kind of problem, in a line. */
            title: string;
            /** @description The page about this kind of problem: `/problems/<code>`. */
            type: string;
        };
        /**
         * QuickReply
         * @description An answer that the customer may give with one touch.
         */
        QuickReply: {
            /** @description What comes back when it is touched; the title when absent. */
            payload?: string;
            /** @description What the button says: at most 20 characters. */
            title: string;
        };
        /**
         * QuotaUse
         * @description How much of a paid allowance is used.
         */
        QuotaUse: {
            /**
             * Format: int64
             * @description Messages a month; absent when unlimited.
             */
            limit?: number;
            /**
             * Format: int64
             * @description Messages used this month.
             */
            used: number;
        };
        /**
         * ReadMark
         * @description What was seen.
         */
        ReadMark: {
            /**
             * @description The newest message is to be looked at again.
             * @default false
             */
            unread?: boolean;
        };
        /**
         * RemovedChannel
         * @description What became of a removal.
         */
        RemovedChannel: {
            /** @description Why the provider may still send webhooks; they are refused from now on. */
            stillSubscribed?: string;
        };
        /**
         * Retry
         * @description That a message is to be sent again.
         */
        Retry: {
            /**
             * @description You looked, and know that the customer does not have it. Needed for an UNCERTAIN message, which may have
             *     arrived.
             * @default false
             */
            confirm?: boolean;
        };
        /** @enum {string} */
        Scope: "admin" | "inbox:read" | "inbox:write" | "messages:send" | "channels:manage";
        /**
         * SendMessage
         * @description A message for a conversation or for the newest conversation of a lead.
         */
        SendMessage: {
            /** @description The postal address, with type location. */
            address?: string;
            /** @description Your own id of it, 1 to 64 characters: it comes back with the message and in events. */
            clientMessageId?: string;
            /** @description The text, with type text. */
            content?: string;
            /**
             * Format: uuid
             * @description The conversation; or give `leadId`.
             */
            conversationId?: string;
            /**
             * Format: uint64
             * @description How long it plays, in milliseconds, with type audio.
             */
            durationMs?: number;
            /** @description The name that the customer sees, with type document_pdf. */
            fileName?: string;
            /**
             * Format: double
             * @description Degrees north, with type location.
             */
            latitude?: number;
            /**
             * Format: uuid
             * @description The lead, whose newest conversation is meant; or give `conversationId`.
             */
            leadId?: string;
            /**
             * Format: double
             * @description Degrees east, with type location.
             */
            longitude?: number;
            /**
             * Format: uuid
             * @description A file that hubchat keeps, with type image, video, audio or document_pdf.
             */
            mediaId?: string;
            /** @description The HTTPS address of a file, with type image, video, audio or document_pdf. */
            mediaUrl?: string;
            /** @description The package, with type sticker. */
            packageId?: string;
            /** @description The answers to choose from, with type text: at most 13. */
            quickReplies?: components["schemas"]["QuickReply"][];
            /**
             * Format: uuid
             * @description The message that this one answers; quoted where the channel can.
             */
            replyTo?: string;
            /** @description The sticker, with type sticker. */
            stickerId?: string;
            /** @description The template, with type template. */
            template?: components["schemas"]["TemplateMessage"];
            /** @description What the place is called, with type location. */
            title?: string;
            /** @description What to send. */
            type: components["schemas"]["SendType"];
            /** @description Who wrote it: PERSON lets some channels carry it later than what a PROGRAM wrote. PROGRAM unless given. */
            writtenBy?: components["schemas"]["Writer"];
        };
        /** @enum {string} */
        SendMode: "REPLY" | "PUSH" | "STANDARD" | "HUMAN_AGENT" | "TEMPLATE" | "PRIVATE_REPLY";
        /**
         * SendOption
         * @description One way in which something may be sent now.
         */
        SendOption: {
            /** @description The provider charges for it or counts it against an allowance. */
            charged: boolean;
            /** @description What may go out so. */
            messageTypes: components["schemas"]["MessageKind"][];
            /** @description By which right it goes out. */
            mode: components["schemas"]["SendMode"];
            /** @description Only what a person wrote may go out so: send it with `writtenBy` PERSON. */
            personsOnly: boolean;
            /**
             * Format: date-time
             * @description From this moment on it may no longer; absent when no end is known.
             */
            until?: string;
        };
        /**
         * SendOptions
         * @description What may be sent in a conversation now, by which right, until when, and why not.
         */
        SendOptions: {
            /** @description Whether anything may be sent. */
            allowed: boolean;
            /**
             * Format: date-time
             * @description The moment that this is for.
             */
            at: string;
            /**
             * Format: uint64
             * @description The most UTF-16 units of text in one message.
             */
            maxTextLength: number;
            /** @description What files may be, where the provider tells. */
            mediaLimits: components["schemas"]["MediaLimit"][];
            /** @description The ways, the best first. */
            options: components["schemas"]["SendOption"][];
            /** @description Why there is none, or why there are no more. */
            refusal?: components["schemas"]["SendRefusalReason"];
            /** @description Why sends wait at present, when the account is not active; they go out once it is. */
            waitsBecause?: string;
        };
        /** @enum {string} */
        SendRefusal: "STANDBY" | "UNREACHABLE" | "WINDOW_CLOSED" | "PERSONS_ONLY" | "TEMPLATE_ONLY" | "TEXT_ONLY" | "AWAITING_ANSWER" | "COMMENT_TOO_OLD" | "KIND_UNSUPPORTED";
        /**
         * SendRefusalReason
         * @description Why nothing, or nothing more, may be sent now.
         */
        SendRefusalReason: {
            /** @description A stable code. */
            code: components["schemas"]["SendRefusal"];
            /** @description The reason in words. */
            reason: string;
        };
        /** @enum {string} */
        SendType: "text" | "image" | "document_pdf" | "video" | "audio" | "location" | "sticker" | "template";
        /**
         * Sender
         * @description Who wrote a message.
         */
        Sender: {
            /** @description A person wrote it by that program, as the program stated. */
            byPerson?: boolean;
            /** @description The provider's id of the person, in groups. */
            externalUserId?: string;
            /**
             * Format: uuid
             * @description The member or the API key.
             */
            id?: string;
            /** @description `contact`, `member`, `apiKey`, `nativeApp` (someone in the provider's own app) or `system`. */
            type: string;
        };
        /**
         * Session
         * @description One log-in.
         */
        Session: {
            /** @description The network address that logged in. */
            address?: string;
            /**
             * Format: date-time
             * @description When it began.
             */
            createdAt: string;
            /** @description Whether it is the one that asks. */
            current: boolean;
            /**
             * Format: date-time
             * @description When it ends unless it is refreshed.
             */
            endsAt: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /**
             * Format: date-time
             * @description When it was last refreshed.
             */
            lastUsedAt: string;
            /**
             * Format: uuid
             * @description To which tenant.
             */
            tenantId: string;
            /** @description What the program that logged in called itself. */
            userAgent?: string;
        };
        /**
         * SignedIn
         * @description A session that goes on. Its refresh token comes as a cookie only.
         */
        SignedIn: {
            /** @description Sent as `Authorization: Bearer`, until it is over. */
            accessToken: string;
            /**
             * Format: date-time
             * @description Until when the token is good; refresh before.
             */
            accessTokenExpiresAt: string;
            /** @description The member. */
            member: components["schemas"]["Member"];
            /**
             * Format: date-time
             * @description When the session ends unless it is refreshed.
             */
            sessionEndsAt: string;
            /**
             * Format: uuid
             * @description The id of the session.
             */
            sessionId: string;
            /** @description The tenant. */
            tenant: components["schemas"]["Tenant"];
        };
        /**
         * SocketTicket
         * @description A ticket that opens one socket.
         */
        SocketTicket: {
            /**
             * Format: date-time
             * @description Until when it is good.
             */
            expiresAt: string;
            /** @description The ticket; shown once, good once. */
            ticket: string;
        };
        /** @enum {string} */
        SubjectKind: "TENANT" | "CHANNEL" | "CONTACT" | "LEAD" | "CONVERSATION" | "MESSAGE" | "MEDIA" | "MEMBER" | "USER" | "SESSION" | "TEAM" | "API_KEY" | "JOB";
        /**
         * Team
         * @description Members who share leads.
         */
        Team: {
            /**
             * Format: date-time
             * @description When it was made.
             */
            createdAt: string;
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description Its members. */
            memberIds: string[];
            /** @description Its name; unique, whatever the case of its letters. */
            name: string;
            /**
             * Format: date-time
             * @description When its name last changed.
             */
            updatedAt: string;
        };
        /**
         * TeamPatch
         * @description What to change of a team; what is absent stays.
         */
        TeamPatch: {
            /** @description Its members from now on. */
            memberIds?: string[];
            /** @description Its name from now on: 1 to 100 characters. */
            name?: string;
        };
        /**
         * Template
         * @description A template that the provider keeps for the account.
         */
        Template: {
            /** @description The text of its body, with its places. */
            body?: string;
            /**
             * Format: uint64
             * @description How many values its body takes.
             */
            bodyParameters: number;
            /** @description What it is for, in the provider's word. */
            category?: string;
            /** @description What its head carries, in the provider's word. */
            header?: string;
            /** @description Its language. */
            language: string;
            /** @description Its name. */
            name: string;
            /** @description Whether it may be used, in the provider's word; only APPROVED ones may. */
            status: string;
        };
        /**
         * TemplateHeader
         * @description The file at the head of a template.
         */
        TemplateHeader: {
            /** @description Its name, for documents. */
            fileName?: string;
            /** @description `image`, `video` or `document`. */
            type: string;
            /** @description Its HTTPS address. */
            url: string;
        };
        /**
         * TemplateList
         * @description The templates of an account.
         */
        TemplateList: {
            /** @description The templates, as the provider orders them; at most 1,000. */
            items: components["schemas"]["Template"][];
        };
        /**
         * TemplateMessage
         * @description A template with its values (<https://developers.facebook.com/docs/whatsapp/cloud-api/guides/send-message-templates>).
         */
        TemplateMessage: {
            /**
             * @description The payloads of its quick reply buttons, in order.
             * @default []
             */
            buttonPayloads?: string[];
            /** @description The file at its head. */
            header?: components["schemas"]["TemplateHeader"];
            /** @description Its language, such as `th` or `en_US`. */
            language: string;
            /** @description Its name. */
            name: string;
            /**
             * @description The values of its body, in order.
             * @default []
             */
            parameters?: string[];
        };
        /**
         * Tenant
         * @description A company that one belongs to.
         */
        Tenant: {
            /**
             * Format: uuid
             * @description Its id.
             */
            id: string;
            /** @description The name that people read. */
            name: string;
            /** @description Its short name. */
            slug: string;
        };
        /** @description What a tenant decides for itself. */
        TenantSettings: {
            /**
             * @description The sites whose pages may call the API from a browser (CORS), each as the browser writes its origin. None by default: then only programs outside browsers, and pages of hubchat's own address, may call.
             * @default []
             */
            allowedOrigins: string[];
            /**
             * @description How many requests a minute one API key, or one log-in of a member, may make. `null` leaves it to the limit of the installation, which no setting can raise.
             * @default null
             */
            callerRequestsPerMinute: number | null;
            /**
             * @description How many messages a minute may be sent into one conversation. `null` leaves it to the limit of the installation, which no setting can raise.
             * @default null
             */
            conversationSendsPerMinute: number | null;
            /**
             * @description Which leads and conversations the role MANAGER sees. Owners and admins see all.
             * @default ALL
             * @enum {string}
             */
            managersSee: "ALL" | "TEAM_AND_UNASSIGNED" | "OWN";
            /** @description What the tenant is called, where people read it: in the console, and in mail to its members. */
            name: string;
            /**
             * @description What is written publicly under a comment that was answered in private. `null` writes nothing.
             * @default ขออนุญาตตอบกลับทาง Inbox นะครับ
             */
            publicReplyText: string | null;
            /**
             * @description How many requests a minute all keys and members of the tenant may make together. `null` leaves it to the limit of the installation, which no setting can raise.
             * @default null
             */
            requestsPerMinute: number | null;
            /**
             * @description For how many days a conversation is kept after it was closed. `null` keeps it for ever.
             * @default null
             */
            retentionDays: number | null;
            /**
             * @description Which leads and conversations the role SALES sees.
             * @default TEAM_AND_UNASSIGNED
             * @enum {string}
             */
            salesSee: "ALL" | "TEAM_AND_UNASSIGNED" | "OWN";
            /**
             * @description Whether customers see, where their channel can show it, that what they wrote was read.
             * @default true
             */
            showSeen: boolean;
            /**
             * @description Whether customers see, where their channel can show it, that somebody writes.
             * @default true
             */
            showTyping: boolean;
            /**
             * @description The most bytes that an uploaded file may have. `null` leaves it to the limits of the installation, which no setting can raise.
             * @default null
             */
            uploadMaxBytes: number | null;
            /**
             * @description Which leads and conversations the role VIEWER sees.
             * @default ALL
             * @enum {string}
             */
            viewersSee: "ALL" | "TEAM_AND_UNASSIGNED" | "OWN";
        };
        /** @description The settings to change; what is absent stays. */
        TenantSettingsPatch: {
            /**
             * @description The sites whose pages may call the API from a browser (CORS), each as the browser writes its origin. None by default: then only programs outside browsers, and pages of hubchat's own address, may call.
             * @default []
             */
            allowedOrigins?: string[];
            /**
             * @description How many requests a minute one API key, or one log-in of a member, may make. `null` leaves it to the limit of the installation, which no setting can raise.
             * @default null
             */
            callerRequestsPerMinute?: number | null;
            /**
             * @description How many messages a minute may be sent into one conversation. `null` leaves it to the limit of the installation, which no setting can raise.
             * @default null
             */
            conversationSendsPerMinute?: number | null;
            /**
             * @description Which leads and conversations the role MANAGER sees. Owners and admins see all.
             * @default ALL
             * @enum {string}
             */
            managersSee?: "ALL" | "TEAM_AND_UNASSIGNED" | "OWN";
            /** @description What the tenant is called, where people read it: in the console, and in mail to its members. */
            name?: string;
            /**
             * @description What is written publicly under a comment that was answered in private. `null` writes nothing.
             * @default ขออนุญาตตอบกลับทาง Inbox นะครับ
             */
            publicReplyText?: string | null;
            /**
             * @description How many requests a minute all keys and members of the tenant may make together. `null` leaves it to the limit of the installation, which no setting can raise.
             * @default null
             */
            requestsPerMinute?: number | null;
            /**
             * @description For how many days a conversation is kept after it was closed. `null` keeps it for ever.
             * @default null
             */
            retentionDays?: number | null;
            /**
             * @description Which leads and conversations the role SALES sees.
             * @default TEAM_AND_UNASSIGNED
             * @enum {string}
             */
            salesSee?: "ALL" | "TEAM_AND_UNASSIGNED" | "OWN";
            /**
             * @description Whether customers see, where their channel can show it, that what they wrote was read.
             * @default true
             */
            showSeen?: boolean;
            /**
             * @description Whether customers see, where their channel can show it, that somebody writes.
             * @default true
             */
            showTyping?: boolean;
            /**
             * @description The most bytes that an uploaded file may have. `null` leaves it to the limits of the installation, which no setting can raise.
             * @default null
             */
            uploadMaxBytes?: number | null;
            /**
             * @description Which leads and conversations the role VIEWER sees.
             * @default ALL
             * @enum {string}
             */
            viewersSee?: "ALL" | "TEAM_AND_UNASSIGNED" | "OWN";
        };
        /** @enum {string} */
        ThreadKind: "DIRECT" | "GROUP" | "ROOM" | "COMMENT";
        /**
         * Typing
         * @description Whether the customer sees that someone is writing.
         */
        Typing: {
            /** @description Whether the channel took the signal. */
            shown: boolean;
        };
        /**
         * UploadedMedia
         * @description A file that was uploaded.
         */
        UploadedMedia: {
            /**
             * Format: uuid
             * @description Its id, to be sent as `mediaId`.
             */
            mediaId: string;
            /** @description Its name, without what could be dangerous in it. */
            name: string;
            /**
             * Format: uint64
             * @description Its size in bytes.
             */
            size: number;
            /** @description Where to read the small picture, of pictures; a signed link. */
            thumbnailUrl?: string;
            /** @description Its type, known from its bytes. */
            type: string;
            /** @description Where to read it; a signed link. */
            url: string;
            /**
             * Format: date-time
             * @description When the links stop being good.
             */
            urlExpiresAt: string;
        };
        /**
         * WebhookTest
         * @description What the provider's own test of the webhook gave.
         */
        WebhookTest: {
            /**
             * Format: date-time
             * @description When it tried.
             */
            at?: string;
            /** @description Its reason, in its own words. */
            reason: string;
            /** @description Whether our answer satisfied the provider. */
            success: boolean;
        };
        /** @enum {string} */
        Writer: "PERSON" | "PROGRAM";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listAudit: {
        parameters: {
            query?: {
                /** @description Only what this one did: `MEMBER:<id>`, `API_KEY:<id>` or `SYSTEM`. */
                actor?: string;
                /** @description Only what was done so. */
                action?: components["schemas"]["AuditAction"];
                /** @description Only what was done on this thing, as its type and id, such as `LEAD:<id>`. */
                subject?: string;
                /** @description Only what was done at this moment or later. */
                from?: string;
                /** @description Only what was done before this moment. */
                to?: string;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_AuditEntry"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    exportAudit: {
        parameters: {
            query: {
                /** @description The form. */
                format: components["schemas"]["ExportFormat"];
                /** @description Only what this one did: `MEMBER:<id>`, `API_KEY:<id>` or `SYSTEM`. */
                actor?: string;
                /** @description Only what was done so. */
                action?: components["schemas"]["AuditAction"];
                /** @description Only what was done on this thing, as its type and id, such as `LEAD:<id>`. */
                subject?: string;
                /** @description Only what was done at this moment or later. */
                from?: string;
                /** @description Only what was done before this moment. */
                to?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    /** @description Indicate if the content is expected to be displayed inline in the browser, that is, as a Web page or as part of a Web page, or as an attachment, that is downloaded and saved locally. */
                    "Content-Disposition": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/jsonl": unknown;
                    "text/csv": unknown;
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    acceptInvitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationAcceptance"];
            };
        };
        responses: {
            /** @description A token, and the next refresh token. */
            200: {
                headers: {
                    /** @description The refresh token, for the browser alone. */
                    "SET-COOKIE": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changePassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordChange"];
            };
        };
        responses: {
            /** @description It is the new one from now on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    forgotPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ForgottenPassword"];
            };
        };
        responses: {
            /** @description If the address belongs to somebody, a mail is on its way. The answer is the same if not. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logIn: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Login"];
            };
        };
        responses: {
            /** @description The password is right: a session, or a choice of tenants. */
            200: {
                headers: {
                    /** @description With a session: its refresh token, for the browser alone. */
                    "SET-COOKIE"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LoginResult"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    logOut: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description It is over, if it was there. */
            204: {
                headers: {
                    /** @description Removes the cookie. */
                    "SET-COOKIE": string;
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    refreshSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Nothing"];
            };
        };
        responses: {
            /** @description A token, and the next refresh token. */
            200: {
                headers: {
                    /** @description The refresh token, for the browser alone. */
                    "SET-COOKIE": string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedIn"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resetPassword: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PasswordReset"];
            };
        };
        responses: {
            /** @description It is the new one from now on. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSessions: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Session"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session is over. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listChannels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Channel"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    connectChannel: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with the same key connects nothing twice; remembered for 48 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewChannel"];
            };
        };
        responses: {
            /** @description The account is connected. */
            201: {
                headers: {
                    /** @description `true` when an earlier request with the same key had connected it. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedChannel"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RemovedChannel"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChannelPatch"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ConnectedChannel"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTemplates: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TemplateList"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testChannel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChannelTestRequest"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ChannelTest"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    eraseContact: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasedContact"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listContactConversations: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Conversation"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listConversations: {
        parameters: {
            query?: {
                /** @description Only conversations in this status. */
                status?: components["schemas"]["ConversationStatus"];
                /** @description Only conversations on this channel. */
                channelType?: components["schemas"]["ChannelType"];
                /** @description Only conversations on this account. */
                channelAccountId?: string;
                /** @description Only conversations of this lead. */
                leadId?: string;
                /** @description Only open and pending ones. */
                active?: boolean;
                /** @description Only conversations with messages that are unread for you. */
                unread?: boolean;
                /** @description Only where the customer waits for an answer. */
                waiting?: boolean;
                /** @description Only with notes that mention you and that you have not seen. */
                mentioned?: boolean;
                /** @description Only those that are put aside, or only those that are not. */
                snoozed?: boolean;
                /** @description In which order: LATEST, unless given. */
                sort?: components["schemas"]["ConversationSort"];
                /** @description Only conversations of this owner: `me`, `none`, a member's id, or `team` for those of your teams. */
                assignee?: string;
                /** @description The same as `assignee` with an id. */
                assignedMemberId?: string;
                /** @description Only conversations that were given to this team. */
                assignedTeamId?: string;
                /** @description The same as `assignee=none`; a team may have them. */
                unassigned?: boolean;
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Conversation"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    countConversations: {
        parameters: {
            query?: {
                /** @description Only conversations on this channel. */
                channelType?: components["schemas"]["ChannelType"];
                /** @description Only conversations on this account. */
                channelAccountId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LaneCounts"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateConversation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ConversationPatch"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDraft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The draft. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description You have written nothing in this conversation that you did not send. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    saveDraft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDraft"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draft"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteDraft: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    markConversationRead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReadMark"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Conversation"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMessages: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Message"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendConversationMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with the same key sends nothing twice; remembered for 48 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMessage"];
            };
        };
        responses: {
            /** @description The message is queued. */
            202: {
                headers: {
                    /** @description `true` when an earlier request with the same key had queued it. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addNote: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with the same key adds nothing twice; remembered for 48 hours. */
                "Idempotency-Key"?: string;
            };
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            /** @description The note. */
            201: {
                headers: {
                    /** @description `true` when an earlier request with the same key had added it. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSendOptions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SendOptions"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signalTyping: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Typing"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description The `cursor` of an earlier answer or event. */
                after?: string;
                /** @description How many at most. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventPage"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInboxAccounts: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_InboxAccount"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listApiKeys: {
        parameters: {
            query?: {
                /** @description At most so many rows. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_ApiKey"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKeyRequest"];
            };
        };
        responses: {
            /** @description The key is made; it is shown this once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeApiKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key is good no longer. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLeads: {
        parameters: {
            query?: {
                /** @description Only leads in this status. */
                status?: components["schemas"]["LeadStatus"];
                /** @description Only leads of this owner: `me`, `none` or a member's id. */
                assignee?: string;
                /** @description The same as `assignee` with an id. */
                assignedMemberId?: string;
                /** @description Only leads that were given to this team. */
                assignedTeamId?: string;
                /** @description The same as `assignee=none`; a team may have them. */
                unassigned?: boolean;
                /** @description Only leads first heard of through this channel. */
                channelType?: components["schemas"]["ChannelType"];
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Lead"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateLead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeadPatch"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listLeadActivity: {
        parameters: {
            query?: {
                /** @description How many at most. */
                limit?: number;
                /** @description The `nextCursor` of the page before. */
                cursor?: string;
            };
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Activity"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    assignLead: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeadAssignment"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lead"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadMedia: {
        parameters: {
            query?: {
                /** @description The conversation that the file is for, unless the form names it. */
                conversationId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: uuid
                     * @description The conversation that the file is for, unless the query names it.
                     */
                    conversationId?: string;
                    /**
                     * Format: binary
                     * @description The file, with its name and its type; the last part.
                     */
                    file: string;
                };
            };
        };
        responses: {
            /** @description The file is kept, to be sent by its `mediaId`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedMedia"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listMembers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Member"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    inviteMember: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberInvitation"];
            };
        };
        responses: {
            /** @description The member is invited, and a mail is sent. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MemberPatch"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    inviteMemberAgain: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Member"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sendMessage: {
        parameters: {
            query?: never;
            header?: {
                /** @description Repeating a request with the same key sends nothing twice; remembered for 48 hours. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SendMessage"];
            };
        };
        responses: {
            /** @description The message is queued. */
            202: {
                headers: {
                    /** @description `true` when an earlier request with the same key had queued it. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadImage: {
        parameters: {
            query?: {
                /** @description The conversation that the file is for, unless the form names it. */
                conversationId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: uuid
                     * @description The conversation that the file is for, unless the query names it.
                     */
                    conversationId?: string;
                    /**
                     * Format: binary
                     * @description The file, with its name and its type; the last part.
                     */
                    file: string;
                };
            };
        };
        responses: {
            /** @description The file is kept, to be sent by its `mediaId`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedMedia"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uploadPdf: {
        parameters: {
            query?: {
                /** @description The conversation that the file is for, unless the form names it. */
                conversationId?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": {
                    /**
                     * Format: uuid
                     * @description The conversation that the file is for, unless the query names it.
                     */
                    conversationId?: string;
                    /**
                     * Format: binary
                     * @description The file, with its name and its type; the last part.
                     */
                    file: string;
                };
            };
        };
        responses: {
            /** @description The file is kept, to be sent by its `mediaId`. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadedMedia"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retryMessage: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Retry"];
            };
        };
        responses: {
            /** @description The message is queued. */
            202: {
                headers: {
                    /** @description `true` when an earlier request with the same key had queued it. */
                    "Idempotency-Replayed"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Message"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getSettings: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The settings as they are now. */
            200: {
                headers: {
                    /** @description The version of the settings, for `If-Match`. */
                    ETAG: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantSettings"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateSettings: {
        parameters: {
            query?: never;
            header?: {
                /** @description The `ETag` of an earlier answer: nothing is changed when somebody else changed something since. */
                "If-Match"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TenantSettingsPatch"];
            };
        };
        responses: {
            /** @description The settings as they are now. */
            200: {
                headers: {
                    /** @description The version of the settings, for `If-Match`. */
                    ETAG: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantSettings"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTeams: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Listing_Team"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTeam: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTeam"];
            };
        };
        responses: {
            /** @description The team. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteTeam: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone, and its leads belong to their owners alone. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    updateTeam: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["TeamPatch"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    addTeamMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                memberId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeTeamMember: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                id: string;
                memberId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Team"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receiveWebhookByDestination: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channel in lower case, such as `line`. */
                channel: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Every event is kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createSocketTicket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The ticket. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SocketTicket"];
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    openMedia: {
        parameters: {
            query: {
                /** @description As in the link. */
                expires: string;
                /** @description As in the link. */
                signature: string;
            };
            header?: never;
            path: {
                /** @description As in the link. */
                tenant: string;
                /** @description As in the link. */
                id: string;
                /** @description `original` or `thumbnail`. */
                variant: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "*/*": unknown;
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Metrics in the Prometheus format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": unknown;
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description They should. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": unknown;
                };
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receiveWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The channel in lower case, such as `line`. */
                channel: string;
                /** @description The unguessable key of the account's `webhookPath`. */
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": unknown;
            };
        };
        responses: {
            /** @description Every event is kept. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not done. `code` says why; each code has its page at `/problems/<code>`. */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
