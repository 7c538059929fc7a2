### The notice centre and the frame of every e-mail. The notices themselves stand with their slices.

notices-title = Notices
notices-empty-title = Nothing to tell you yet
notices-empty-body = Orders, reviews and calls to your systems are announced here, and by e-mail.
notices-mark-all-read = Mark all as read
notices-older = Older notices
notices-unread = not read
notices-mail-greeting = Hello { $name },
notices-mail-open = Open this in the market
notices-mail-closing = You receive this because you have an account at { $site }. Notices like this one cannot be switched off yet.
