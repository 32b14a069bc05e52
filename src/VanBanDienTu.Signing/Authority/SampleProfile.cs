namespace VanBanDienTu.Signing.Authority;

/// <summary>What a sample key is for.</summary>
public enum SampleKind
{
    /// <summary>A person who signs documents (người ký có thẩm quyền).</summary>
    Person,

    /// <summary>An organisation's seal (chữ ký số của cơ quan).</summary>
    Organization,

    /// <summary>A node: TLS server and client on localhost.</summary>
    Node,

    /// <summary>A document-management system (QLVB): TLS client.</summary>
    System,

    /// <summary>A node's evidence key: signs receipts.</summary>
    Evidence,
}

public enum SampleKeyType
{
    Rsa2048,
    Rsa3072,
    Rsa4096,
    P256,
    P384,
    P521,
}

/// <summary>One key to be issued: a row of the table that <see cref="SampleAuthority.Init"/> works through.</summary>
/// <param name="Name">Of the file, without <c>.p12</c>: «person-G99.63».</param>
/// <param name="Kind">What it is for.</param>
/// <param name="CommonName">CN of the subject.</param>
/// <param name="Organization">O of the subject.</param>
/// <param name="OrganId">The organ's code, in organizationIdentifier (2.5.4.97); null for a stranger.</param>
public sealed record SampleProfile(string Name, SampleKind Kind, string CommonName, string Organization, string? OrganId)
{
    /// <summary>OU.</summary>
    public string? Unit { get; init; }

    /// <summary>title: «Chánh Văn phòng».</summary>
    public string? Title { get; init; }

    /// <summary>UID: «CCCD:…» or «MST:…».</summary>
    public string? UserId { get; init; }

    public SampleKeyType Key { get; init; } = SampleKeyType.Rsa2048;

    /// <summary>When validity begins, counted from now.</summary>
    public TimeSpan StartsIn { get; init; } = TimeSpan.FromDays(-1);

    /// <summary>Null: as long as <see cref="SampleAuthorityOptions.KeyValidity"/>.</summary>
    public TimeSpan? ValidFor { get; init; }

    /// <summary>Revoked from the start, an hour ago, for key compromise.</summary>
    public bool Revoked { get; init; }

    /// <summary>Issued by another sample root that is not in the trust folder.</summary>
    public bool Foreign { get; init; }

    /// <summary>Goes to <c>variants/</c> instead of <c>keys/</c>: a key that is refused somewhere, or of an unusual kind.</summary>
    public bool Variant { get; init; }

    /// <summary>More DNS names and addresses for a node, beside localhost, 127.0.0.1 and ::1.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];
}

/// <summary>How a sample authority is made.</summary>
public sealed record SampleAuthorityOptions
{
    /// <summary>Where its OCSP, CRL, AIA and TSA will be served; written into every certificate.</summary>
    public string BaseUrl { get; init; } = "http://127.0.0.1:18080";

    public IReadOnlyList<SampleProfile> Profiles { get; init; } = SampleProfiles.All;

    /// <summary>Keys of the root, of the authorities below it and of the timestamp authority. OCSP responders have P-256.</summary>
    public SampleKeyType AuthorityKey { get; init; } = SampleKeyType.Rsa2048;

    public TimeSpan KeyValidity { get; init; } = TimeSpan.FromDays(3 * 365);

    public TimeSpan AuthorityValidity { get; init; } = TimeSpan.FromDays(10 * 365);

    /// <summary>Password of the key files; null makes a random one.</summary>
    public string? Password { get; init; }
}
