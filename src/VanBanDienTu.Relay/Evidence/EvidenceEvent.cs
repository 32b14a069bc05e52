namespace VanBanDienTu.Relay.Evidence;

/// <summary>The events of electronic registered delivery.</summary>
/// <remarks>Source: ETSI EN 319 522-3; the names are written into the evidence as they are.</remarks>
public enum EvidenceEvent
{
    SubmissionAcceptance,
    SubmissionRejection,
    RelayAcceptance,
    RelayRejection,
    RelayFailure,
    NotificationForAcceptance,
    NotificationForAcceptanceFailure,
    ConsignmentAcceptance,
    ConsignmentRejection,
    AcceptanceRejectionExpiry,
    NotificationDelivered,
    ContentConsignment,
    ContentConsignmentFailure,
    ConsignmentNotification,
    ConsignmentNotificationFailure,
    NotificationAccessTracking,
    ContentAccessTracking,
    ContentHandover,
    ContentHandoverFailure,
    RelayToNonERDS,
    RelayToNonERDSFailure,
    ReceivedFromNonERDS,

    /// <summary>Ours, not ETSI's: a unit's own status after the handover (04, 05, 06, 13, 15, 16).</summary>
    BusinessStatus,

    /// <summary>Ours: the date by which the sender wanted an answer has passed. (Not told of the receipt in time: AcceptanceRejectionExpiry.)</summary>
    AnswerOverdue,

    /// <summary>Ours: an older backup of the node was restored; its log of evidence goes on behind a gap.</summary>
    LogRestored,
}
