### The help page: how to reach the operator, and the rules for everybody.

help-lead = This market is run by { $operator }. Questions about a product go to its seller: phone and e-mail stand on the product page and with your app. For everything else, write to us.
help-orders = What happens after you order
help-orders-text = Your balance is charged when you order. We then ask the seller's system to set your app up. Most are ready within a minute. When the seller's system does not answer we keep trying for up to three hours, and you can close the page: we write to you when it is ready.
help-refunds = When you get your money back
help-refunds-text = When an app cannot be set up within three hours, the order ends and the whole amount returns to your balance by itself. You do not have to ask.
help-access = First passwords
help-access-text = The seller sends a first password for some apps. We keep it sealed. You see it after entering your own password once more, for 60 seconds, and each time is written down and announced to your team. Change it after your first visit.
help-privacy = What sellers learn about you
help-privacy-text = A seller sees the name of your organisation and what you ordered. Before you pay, the order page lists everything that is handed over, and nothing else is.
help-sellers = Selling here
help-sellers-text = Systems that speak the KooGallery protocol work here unchanged. Apply with your company's data; we decide within three working days.
