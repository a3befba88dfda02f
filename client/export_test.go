package client

// VerifyWebhookAt is [VerifyWebhook] at a given time.
var VerifyWebhookAt = verifyWebhook
