### Operations: jobs that wait for a person.

nav-jobs = Parked jobs
operator-work-jobs = Work behind the pages that failed again and again.
jobs-title = Parked jobs
jobs-lead = Work behind the pages that failed again and again and goes on only when somebody restarts it. Put right what the last error names first.
jobs-empty-title = Nothing waits
jobs-empty-text = Jobs that cannot go on by themselves stand here.
jobs-job = Job
jobs-about = About
jobs-whole = The whole marketplace
jobs-error = Last error
jobs-act = Action
jobs-attempts = { $count ->
    [one] Begun once
   *[other] Begun { $count } times
}
jobs-restarted = The job is tried again now.
job-kind-seller-call = Call a seller’s system
job-kind-notice-mail = Send a notice by e-mail
job-kind-customer-service-mail = Send a notice to a seller’s customer service
job-kind-invitation-mail = Send an invitation by e-mail
job-kind-seal-events = Seal the audit trail
job-kind-housekeeping = Forget what is kept for some days only
job-kind-plan-dial-tests = Plan the dial tests
job-kind-dial-test = Test a seller’s address
job-kind-asked-dial-test = Test an address for its seller
job-kind-count-failed-order = Count a failed order
job-kind-retire-access-key = End an old access key
job-kind-order-time-out = End an unpaid order
job-kind-forget-attempts = Forget old messages to sellers
job-kind-judge-usage = Judge usage records
call-crashed = Our own program failed at this call again and again: { $error }. The seller cannot mend that. Put it right, then press Restart; a new app is refunded by itself when its time is over.
call-crashed-seller = The marketplace itself failed at this call. Your system need not be changed; the operator has been told.
notice-job-parked-subject = A job waits: { $job }
notice-job-parked-body = It failed again and again and does not go on by itself. The last error: { $error }. Put it right, then press Restart.
notice-call-crashed-subject = We failed at a call for order { $number }
notice-call-crashed-body = Our own program failed again and again at the call to { $seller } for { $product }. The call waits: read the error, put it right, and press Restart.
problem-job-not-parked = This job works by itself already. Nothing is left to do.
