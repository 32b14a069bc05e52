namespace VanBanDienTu.Relay.Outgoing;

/// <summary>Whose signatures a document carries when it leaves, each verified here (TOTAL-PASSED).</summary>
internal enum Signers
{
    /// <summary>The organisation alone: its type is exempt from the personal signature.</summary>
    Organization,

    /// <summary>The competent person and the organisation (NĐ 30/2020, article 5.1: the original).</summary>
    OrganizationAndPerson,
}
