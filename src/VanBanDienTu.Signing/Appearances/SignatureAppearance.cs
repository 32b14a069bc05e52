using System.Text.Json.Serialization;

namespace VanBanDienTu.Signing;

/// <summary>The kind of an electronic copy (bản sao điện tử), by NĐ 30/2020, article 25.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CopyForm>))]
public enum CopyForm
{
    /// <summary>A full copy (sao y).</summary>
    Full,

    /// <summary>A copy of a part (trích sao).</summary>
    Extract,

    /// <summary>A copy of a copy (sao lục).</summary>
    Copied,
}

/// <summary>How a signature is to be seen, beside its role and rectangle. All of it may be left as it is.</summary>
/// <remarks>Source: Nghị định 30/2020/NĐ-CP, Phụ lục I.</remarks>
public sealed record SignatureAppearance
{
    /// <summary>The seal's diameter when neither the picture nor the request says it; it differs from organ to organ.</summary>
    public const double UsualSealMillimetres = 36;

    /// <summary>The PNG of the handwritten signature (personal) or of the seal (organisation); null for lines of text. Annexes and copies show none.</summary>
    public byte[]? Image { get; init; }

    /// <summary>The picture's width on paper; null for what the PNG itself states (pHYs), else what is usual.</summary>
    public double? ImageMillimetres { get; init; }

    /// <summary>The signer's name as the page prints it: the signature is placed above it. Null for the name in the certificate.</summary>
    public string? Anchor { get; init; }

    /// <summary>A TrueType file for the text; null for the system's Times New Roman or a font of its metrics.</summary>
    public string? FontFile { get; init; }

    /// <summary>Number and notation (số và ký hiệu) that an annex shows.</summary>
    public string? Notation { get; init; }

    /// <summary>What kind of copy a copy's signature states.</summary>
    public CopyForm Copy { get; init; }

    /// <summary>Signs invisibly, with a warning, where no place or no font is found, instead of refusing: for machines without a person beside them.</summary>
    public bool MayBeInvisible { get; init; }
}
