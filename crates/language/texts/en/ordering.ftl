### Orders, apps, balances, calls to sellers: pages, problems, notices.

# Checkout
checkout-title = Order { $product }
checkout-what = What you order
checkout-plan = Plan
checkout-amount-line = { $count } × { $price }, { $periods }
checkout-seller = Seller
checkout-price = What you pay
checkout-subtotal = Subtotal
checkout-balance = Your balance
checkout-afterwards = Balance afterwards
checkout-missing = Your balance is { $missing } short. You can order now and pay within { $hours } hours, once your balance is topped up.
checkout-trial-note = The trial is free. Nothing is charged afterwards by itself.
checkout-data = What { $seller } gets to know
checkout-data-email = Your e-mail address
checkout-data-mobile-phone = Your mobile number
checkout-data-user-name = Your user id and name
checkout-data-consent = I agree that { $seller } gets this to set up and support the app.
checkout-agreement = Service agreement of { $seller }
checkout-agreement-read = Read it here
checkout-agreement-accept = I have read and accept the service agreement.
checkout-button-pay = Order and pay { $amount }
checkout-button-wait = Order for { $amount } and pay later
checkout-button-trial = Start the free trial
checkout-next = What happens next
checkout-next-text = We take the money from your balance and ask { $seller } to set up the app. Most apps are ready within minutes; we write to you when yours is. If it is not there after { $hours } hours, you get everything back by itself.
checkout-back = Back to the product
checkout-before = Before the price changed
checkout-changed = The price of one changed from { $from } to { $to }.
checkout-changed-accept = Nothing is ordered yet. Pressing the button accepts the new price.
checkout-held-until = Price held until { $time }.

# Periods
order-periods-month = { $count ->
    [one] 1 month
   *[other] { $count } months
}
order-periods-year = { $count ->
    [one] 1 year
   *[other] { $count } years
}
order-periods-once = once
order-trial-days = free trial, { $count } days

# Orders
orders-title = Orders
orders-lead = Everything you ordered, the newest first.
orders-number = Order
orders-product = Product
orders-buyer = Customer
orders-seller = Seller
orders-state = State
orders-total = Amount
orders-placed = Ordered
orders-all = All
orders-empty-title = No orders yet
orders-empty-text = What you order stands here, with its state and what happened.
orders-empty-action = Look around the market
orders-filtered-title = No orders in this state
orders-filtered-text = Other orders may be in another state.
orders-show-all = Show all orders
order-state-pending-payment = To be paid
order-state-processing = Being set up
order-state-completed = Completed
order-state-failed = Refunded
order-state-canceled = Cancelled
order-type-new = Purchase
order-type-trial = Free trial
order-title = Order { $number }
order-facts = Order
order-line = Order line
order-kind = Kind
order-plan = Plan
order-quantity = Number
order-unit-price = Unit price
order-placed-by = Ordered
order-paid-at = Paid
order-agreement = Accepted agreement
order-happened = What happened
order-app = Open the app’s page
order-pay = Pay { $amount }
order-ends-by-itself = Unless you cancel it, it ends by itself on { $until }.
order-pay-until = Pay until { $until }. Your balance is { $balance }.
order-cancel = Cancel order { $number }
order-cancel-note = Nothing was paid; nothing is charged.
order-news-processing = Paid. Your app is being set up.
order-news-processing-detail = Usually within minutes. You may close this page; we write to you when it is ready.
order-news-completed = Your app is ready.
order-news-failed = The app could not be set up. { $amount } went back to your balance.
order-news-failed-free = The trial could not be set up. Nothing was charged.
order-news-canceled = This order was cancelled. Nothing was charged.
order-news-not-on-sale = This product is not on sale any more, so this order cannot be paid. Nothing was charged.
order-news-pending = This order waits for your payment.
order-step-paid = Paid
order-step-asked = The seller’s system was asked
order-step-setting-up = The seller sets it up
order-step-ready = Ready to use
order-steps = Setting up
order-update = Look again
order-refund-promise = If it is not ready by { $until }, you get { $amount } back by itself.

# Timeline
timeline-order-placed = Ordered
timeline-order-placed-by = Ordered by { $person }
timeline-order-paid = Paid { $amount }
timeline-order-completed = Ready to use. We wrote to you.
timeline-order-failed = Could not be set up. Refunded { $amount }.
timeline-order-canceled = Cancelled
timeline-order-timed-out = Cancelled, because it was not paid in time
timeline-access-revealed = The first password was shown
timeline-access-revealed-by = { $person } looked at the first password
timeline-access-refreshed = The seller sent fresh access data
timeline-seller-asked-create = { $count ->
    [one] The seller’s system was asked once
   *[other] The seller’s system was asked { $count } times
}
timeline-seller-asked-refresh = The seller’s system was asked for fresh access data
timeline-seller-asked-release = The seller’s system was asked to take the instance back
timeline-seller-asked-notify = { $count ->
    [one] The seller’s system was told of the order
   *[other] The seller’s system was told of the order, { $count } attempts
}
timeline-last-and-next = Last { $last }, next { $next }
timeline-last = Last { $last }
timeline-attempts = See attempts

# My apps
apps-title = My apps
apps-lead = Everything you use, with the way in.
apps-empty-title = No apps yet
apps-empty-text = What you order stands here, with its address and first password.
apps-app = App
apps-until = Until
apps-open = Open app
apps-open-what = Open { $product }
apps-standing-setting-up = Being set up
apps-standing-expiring-soon = Ends soon
apps-standing-active = Active
apps-standing-ended = Ended
apps-no-end = no end
app-how-in = How to get in
app-as-of = From the seller, { $when }
app-address = Address
app-administration = Administration
app-user-name = User name
app-password = First password
app-note = Note from the seller
app-copy = Copy { $what }
app-reveal = Reveal
app-reveal-what = first password
app-hidden = Hidden
app-password-help = Asks for your password again, then shows it for 60 seconds. Change it after your first visit.
app-password-last = Last shown to { $person }, { $when }.
app-password-last-nobody = Last shown { $when }.
app-password-shown = It is hidden again in { $seconds } seconds.
app-no-access = The seller gave no way in. Ask { $seller }.
app-not-ready = The way in stands here once the app is ready.
app-not-delivered = This app was never delivered; the order was refunded.
app-refresh = Ask the seller again
app-refresh-asked = The seller is being asked.
app-stored-copy = We show the stored copy. The seller did not answer at { $when }.
app-order = Order
app-started = Started
app-until = Until
app-support = Support of the seller
app-support-email = E-mail
app-support-phone = Phone
app-support-hours = Hours
app-days-left = { $count ->
    [one] 1 day left
   *[other] { $count } days left
}

# Balance
balance-title = Balance
balance-lead = You pay orders from this balance. To top it up, write to { $email }.
balance-now = Your balance
balance-lines = Every movement
balance-when = When
balance-what = What
balance-amount = Amount
balance-after = Balance
balance-empty-title = No movements yet
balance-empty-text = Top-ups, payments and refunds stand here.
balance-purpose-top-up = Top-up
balance-purpose-charge = Payment of an order
balance-purpose-refund = Refund of an order

# Seller
sold-title = Orders
sold-lead = Orders of your products, the newest first.
sold-empty-title = No orders yet
sold-empty-text = When a customer orders one of your products, it stands here.
sold-calls = Calls to your system
messages-title = Interface messages
messages-lead = Calls to your production system for real orders: what was sent, what came back, what is next.
messages-call = Call
messages-order = Order
messages-next = Next
messages-begun = Begun
messages-empty-title = No calls yet
messages-empty-text = When a customer orders, we call your system; every call stands here.
messages-filtered-title = No calls like this
messages-filtered-text = Other calls may be in another state or fit another filter.
messages-show-all = Show all calls
messages-filter = Filter
messages-filter-activity = Activity
messages-filter-any = Any
messages-filter-from = Begun on or after
messages-filter-to = Begun on or before
messages-filter-failures = Only calls of which an attempt failed
messages-filter-apply = Show
call-copy-signing = Copy how it was signed
call-again = Change and send in debugging
call-again-note = Opens the debugger with these values. It always sends testFlag 1, so nothing real happens.
call-step-create = Set up an app
call-step-refresh = Read access data
call-step-release = Take an instance back
call-step-notify = Tell of an order
call-state-waiting = Trying
call-state-parked = Waits for you
call-state-done = Done
call-state-given-up = Given up
call-park-stopped = Calling again will not help as things are. Change your system, then press Restart. The order is refunded by itself at { $until }.
call-park-exhausted = The time for retries is over. Press Restart to try again.
call-park-held = Your system named an instance that cannot belong to this order, or says that one exists which it then denies. Nothing is delivered or refunded until somebody has looked.
call-title = { $step }, order { $number }
call-facts = The call
call-instance = Instance
call-closes = Retries until
call-next = Next attempt
call-attempts = Attempts
call-attempt = Attempt { $number }, { $activity }
call-attempt-by-person = Restarted by hand
call-attempt-by-buyer = Asked for by the customer
call-attempt-running = Under way, or the worker died before it was written down
call-no-attempts = Nothing was sent yet.
call-request = What we sent
call-answer = What came back
call-no-answer = No answer came back.
call-forgotten = What was sent and answered is kept for 90 days.
call-copy-request = Copy the request
call-copy-answer = Copy the answer
call-restart = Restart
call-restarted = The call is tried again now.
call-give-up = Give up and refund { $amount }
call-give-up-release = Mark as solved
call-given-up = The call is given up.
call-outcome-created = Taken on, ready
call-outcome-being-created = Taken on, being set up
call-outcome-delivered = Taken on, ready and described
call-outcome-described = Described the instance
call-outcome-not-yet = Not ready yet
call-outcome-exists = Exists already, asked for by name
call-outcome-denied = Denied that it exists, asked again
call-outcome-released = Released
call-outcome-noticed = Heard
call-outcome-retry = Failed, tried again
call-outcome-unknown = Outcome unknown, asked again
call-outcome-stop = Failed, needs a change
call-outcome-strike = Refused by HTTP status
call-outcome-alarm = Not trustworthy, tried again
call-outcome-wrong-instance = Instance of another order

# Operator
operated-title = Orders
operated-lead = Everybody’s orders, the newest first.
parked-title = Calls that wait
parked-lead = Calls to sellers that need a decision.
parked-empty-title = Nothing waits
parked-empty-text = Calls that cannot go on by themselves stand here.
parked-since = Waits since
customers-title = Customer balances
customers-lead = Customers and what they have in their balances.
customers-search = Name of the customer
customers-find = Find
customers-name = Customer
customers-balance = Balance
customers-empty-title = No customer found
customers-empty-text = No customer’s name contains these letters.
customers-all = Show all customers
customer-top-up = Top up the balance
customer-amount = Amount
customer-amount-hint = In { $currency }, such as 250.00.
customer-note = Reason
customer-note-hint = Both sides see it, such as “Bank transfer of 14 May”.
customer-topped-up = { $amount } added. The balance is { $balance }.
ledger-title = Ledger check
ledger-lead = Every balance computed anew from the postings.
ledger-fine = Everything balances.
ledger-fine-detail = { $transfers } transfers, { $postings } postings: each transfer adds up to nothing, and every stored balance is the sum of its lines.
ledger-wrong = { $count ->
    [one] 1 thing does not fit
   *[other] { $count } things do not fit
}
ledger-kind = Accounts
ledger-count = Number
ledger-sum = Together
ledger-kind-cash = Cash (top-ups received)
ledger-kind-customer = Customers’ balances
ledger-kind-held = Held for orders
nav-messages = Interface messages
nav-parked = Calls that wait
nav-ledger = Ledger check

# Problems
problem-not-on-sale = This product is not on sale any more; nothing was charged. Look for another one.
problem-quote-for-other-specification = The price belongs to another plan. Choose the plan again.
problem-consent-missing = The seller needs this data to set up the app. Tick that you agree, or do not order.
problem-agreement-not-accepted = Read the service agreement and tick that you accept it.
problem-agreement-changed = The service agreement has changed since you opened this page. Read the new one.
problem-trial-used = Your organisation has tried this product already. Order it instead.
problem-exceeds-balance = Your balance does not suffice. Have it topped up, then pay.
problem-order-not-payable = This order cannot be paid any more.
problem-order-not-cancelable = Only an order that is not paid can be cancelled.
problem-order-not-processing = This order is not being set up any more.
problem-other-instance = The seller named another instance before.
problem-other-currency = The balance is kept in another currency.
problem-no-password = The seller gave no first password.
problem-app-not-active = This app is not in use, so there is nothing to ask for.
problem-call-is-over = This call is over. Nothing is left to do.
problem-day = Write the day as 2026-05-14.
problem-instant = Write the instant as 2026-05-14T08:00:00Z.
problem-call-still-tries = This call still tries by itself. Wait until it is parked.
problem-top-up-amount = Enter an amount in { $currency } with at most { $decimals } decimals, such as 250.00.
problem-top-up-range = Enter more than nothing and at most { $most }.
problem-id-has-other-amount = A transfer with this id moved another amount.
problem-id-has-other-accounts = A transfer with this id moved money between other accounts.
problem-amount-not-positive = A transfer moves more than nothing.
problem-same-account = A transfer needs two accounts.
problem-balance-out-of-range = The balance would be too large.

# Notices
notice-order-pending-subject = Order { $number } waits for your payment
notice-order-pending-body = { $product } costs { $amount }, and the balance does not suffice. Pay within { $hours } hours, or the order is cancelled and nothing is charged.
notice-order-paid-subject = Order { $number } is paid
notice-order-paid-body = { $amount } was taken from your balance for { $product }. It is being set up; we write again when it is ready.
notice-trial-begun-subject = Your trial of { $product } is being set up
notice-trial-begun-body = Order { $number } costs nothing. We write again when it is ready.
notice-order-ready-subject = { $product } is ready
notice-order-ready-body = Order { $number } is set up. Open the app’s page for its address and first password.
notice-order-failed-subject = { $product } could not be set up
notice-order-failed-body = Order { $number } could not be delivered. { $amount } went back to your balance. You need not do anything.
notice-trial-failed-subject = The trial of { $product } could not be set up
notice-trial-failed-body = Order { $number } could not be delivered. Nothing was charged, and you may try again.
notice-order-timed-out-subject = Order { $number } was cancelled
notice-order-timed-out-body = { $product } was not paid in time. Nothing was charged; order again whenever you like.
notice-order-received-subject = New order: { $product }
notice-order-received-body = Order { $number } is paid, { $amount }. We are calling your system to set it up.
notice-trial-received-subject = New trial: { $product }
notice-trial-received-body = Order { $number } is a free trial. We are calling your system to set it up.
notice-call-failing-subject = Your system does not answer as it should for order { $number }
notice-call-failing-body = A call for { $product } came to nothing. We try again by ourselves; look at what came back.
notice-call-parked-subject = A call for order { $number } waits
notice-call-parked-body = Calling { $seller } for { $product } cannot go on by itself. Look at the last answer, put it right, and press Restart.
notice-call-security-subject = Security: odd answers for order { $number }
notice-call-security-body = What came back from { $seller } for { $product } cannot be trusted: a wrong signature or certificate, or an instance of another order. Nothing was delivered because of it.
notice-call-given-up-subject = Order { $number } was given up
notice-call-given-up-body = Your system did not deliver { $product } in time. The customer was refunded { $amount }.
notice-access-revealed-subject = The first password of { $product } was shown
notice-access-revealed-body = { $name } looked at the first password of { $product } (order { $number }). If that was not meant to be, change the password in the app.
notice-balance-topped-up-subject = { $amount } was added to your balance
notice-balance-topped-up-body = Reason: { $note }. Look at your balance for every movement.
