### 消息中心与邮件框架。各类消息的正文在各自的文件中。

notices-title = 消息
notices-empty-title = 暂无消息
notices-empty-body = 订单、审核和系统调用的进展会在这里显示，并发送到您的邮箱。
notices-mark-all-read = 全部标为已读
notices-older = 更早的消息
notices-unread = 未读
notices-mail-greeting = { $name }，您好：
notices-mail-open = 在市场中打开
notices-mail-closing = 您在{ $site }拥有账号，因此收到本邮件。这类消息暂不能关闭。
