### Accounts: sign-up, sign-in, password, sessions, people, access keys, the first operator.

# Problems
problem-email-taken = Somebody signs in with this e-mail address already. Sign in, or use another address.
problem-sign-in-failed = The e-mail address and the password do not belong together.
problem-account-disabled = An administrator of your organisation has disabled this account.
problem-sign-up-closed = This market takes new accounts by invitation only.
problem-person-needed = A person must do this, signed in with a password: an access key cannot. Sign in in the browser.
problem-password-wrong = This is not your password.
problem-password-unchanged = The new password is the one you have. Choose another one.
problem-last-administrator = This is the last administrator. Make somebody else an administrator first.
problem-already-in-organisation = This person belongs to your organisation already.
problem-already-invited = This person is invited already. Make a new link in the list below.
problem-too-many-people = An organisation has at most { $most } people, invitations included.
problem-too-many-api-keys = An organisation has at most { $most } working access keys. Revoke one first.
problem-invitation-spent = This invitation has been used or withdrawn. Ask for a new link.
problem-invitation-expired = This invitation is older than a week. Ask for a new link.
problem-operator-link-spent = This link opens nothing any more. The server prints a new one at each start until there is an operator.
problem-role = Choose one of the roles.
problem-language = Choose one of the languages.
problem-user-state = Say enabled or disabled.
problem-role-or-state = Give either a role or a state.

# Fields that several pages have
identity-email = E-mail address
identity-name = Your name
identity-name-help = As colleagues and sellers know you.
identity-organisation-name = Organisation
identity-organisation-name-help = Company or person in whose name you buy. Sellers see it on orders.
identity-password = Password
identity-new-password = New password
identity-password-help = At least 8 characters; 15 or more are better. A few words with spaces are fine. We refuse only what attackers try first.
identity-language = Language
identity-role = Role
identity-role-administrator = Administrator
identity-role-administrator-help = Everything, people and access keys included.
identity-role-member = Member
identity-role-member-help = The daily work: buying, using, releasing, reviewing.
identity-role-finance = Finance
identity-role-finance-help = Orders and money. Changes neither products nor people.
identity-role-viewer = Viewer
identity-role-viewer-help = Looks, and changes nothing.

# Sign up
identity-sign-up-title = Create your account
identity-sign-up-lead = One account to find, buy and run software. You can invite colleagues later, and apply to sell.
identity-sign-up-button = Create account
identity-sign-up-instead-sign-in = You have an account?

# Sign in and out
identity-sign-in-title = Sign in
identity-sign-in-button = Sign in
identity-sign-in-instead-sign-up = New here?
identity-signed-out = You are signed out.

# Prove it again
identity-confirm-title = Enter your password again
identity-confirm-lead = You are about to see or change something sensitive. We ask for your password when the last time is more than 5 minutes ago.
identity-confirm-button = Go on
identity-confirm-as = Signed in as { $name }.

# Account
identity-account-title = Your account
identity-account-saved = Your profile is saved.
identity-account-organisation = You belong to { $organisation } as { $role }.
identity-account-email-fixed = The address you sign in with. It cannot be changed.
identity-account-nav = Account pages
identity-account-menu-profile = Profile
identity-account-menu-password = Password
identity-account-menu-sessions = Sessions
identity-account-save = Save profile

# Password
identity-password-title = Change your password
identity-current-password = Current password
identity-password-button = Change password
identity-password-effect = You stay signed in here and are signed out everywhere else.
identity-password-changed = Your password is changed. You are signed out everywhere else.

# Sessions
identity-sessions-title = Where you are signed in
identity-sessions-lead = If you do not know one of these, end it and change your password.
identity-sessions-browser-on = { $browser } on { $system }
identity-sessions-device = Browser or program
identity-sessions-address = Network address
identity-sessions-opened = Signed in
identity-sessions-seen = Last seen
identity-sessions-this = This one
identity-sessions-end = End
identity-sessions-end-which = End the session from { $address }
identity-sessions-end-others = End all other sessions
identity-sessions-ended = The session is ended.
identity-sessions-others-ended = { $count ->
    [0] There were no other sessions.
    [one] 1 other session is ended.
   *[other] { $count } other sessions are ended.
}
identity-sessions-unknown-device = Unknown

# People
identity-people-title = Team members
identity-people-lead = Everybody who acts for { $organisation }.
identity-people-name = Name
identity-people-email = E-mail address
identity-people-state = State
identity-people-enabled = May sign in
identity-people-disabled = Disabled
identity-people-you = you
identity-people-change-role = Change role
identity-people-change-role-of = Role of { $name }
identity-people-disable = Disable
identity-people-disable-who = Disable { $name }
identity-people-disable-effect = A disabled person is signed out at once, and the access keys that the person made stop working.
identity-people-enable = Enable
identity-people-enable-who = Enable { $name }
identity-people-changed = The role is changed.
identity-people-was-disabled = The account is disabled, and its sessions are ended.
identity-people-was-enabled = The account is enabled.
identity-people-invite-title = Invite a person
identity-people-invite-lead = We mail the person a link that works once, for a week, to choose a password. You see the link too.
identity-people-invite-name = Name of the person
identity-people-invite-button = Make an invitation
identity-people-invitations = Open invitations
identity-people-invited-until = Until { $time }
identity-people-invitation-expired = Expired
identity-people-invitation-renew = New link
identity-people-invitation-renew-who = New link for { $name }
identity-people-invitation-withdraw = Withdraw
identity-people-invitation-withdraw-who = Withdraw the invitation of { $name }
identity-people-invitation-withdrawn = The invitation is withdrawn.
identity-people-link-title = The invitation is ready
identity-people-link-lead = We mail this link to { $name }. You can also hand it over yourself: we show it only now, and it works once, until { $time }.
identity-people-link = Invitation link
identity-people-back = Back to the team members

# Access keys
identity-keys-title = Access keys
identity-keys-lead = For programs that act for { $organisation }. A key may do what the person who made it may do, except manage people and keys. It stops when that person is disabled.
identity-keys-name = Purpose
identity-keys-name-help = What the key is for, such as “nightly import”.
identity-keys-access-key = Access key
identity-keys-secret = Secret
identity-keys-created = Made
identity-keys-used = Last used
identity-keys-never-used = Never
identity-keys-make = Make an access key
identity-keys-revoke = Revoke
identity-keys-revoke-which = Revoke { $name }
identity-keys-revoked = The key is revoked.
identity-keys-empty-title = No access keys
identity-keys-empty-body = You need one only when a program of yours speaks to this market.
identity-keys-made-title = Your new access key
identity-keys-made-lead = Store the secret now. We show it only this once; if you lose it, make another key and revoke this one.
identity-keys-back = Back to the access keys

# Accept an invitation
identity-invitation-title = Join { $organisation }
identity-invitation-lead = You are invited as { $role }. You will sign in with { $email }.
identity-invitation-button = Join and sign in

# The invitation's e-mail
identity-invitation-mail-subject = { $organisation } invites you
identity-invitation-mail-body = { $organisation } asks you to join it on this market. Open the page below and choose a password. The link works once, until { $until }. If you did not expect this, there is nothing to do.

# First operator
identity-operator-title = Set up this market
identity-operator-lead = You are the first operator. Make the operator’s organisation and your own account; you can invite colleagues afterwards.
identity-operator-organisation = Operator
identity-operator-organisation-help = The company that runs this market.
identity-operator-button = Set up the market

# Notices
notice-password-changed-subject = Your password was changed
notice-password-changed-body = Your password was changed and all other sessions were ended. If it was not you, ask an administrator of your organisation to disable your account at once.
notice-api-key-made-subject = A new access key was made
notice-api-key-made-body = The access key { $access_key } (“{ $name }”) was made for your organisation.
notice-role-changed-subject = Your role was changed
notice-role-changed-body = An administrator of your organisation has changed what you may do.

# What was typed when the session had ended
identity-kept-lead = You were signed out before this was sent. Sign in again: what you typed is kept on this page. Files have to be chosen again.
identity-kept-title = Send what you typed?
identity-kept-typed = You are signed in again. This was not sent yet. Passwords and keys are not kept.
identity-kept-send = Send it now
identity-kept-leave = Go back without sending
