using System.Security.Cryptography;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Keys;
using Proto = VanBanDienTu.Contracts.V1;

namespace VanBanDienTu.Gateway.Grpc;

/// <summary>What a caller asks of a signature, from the contract's messages.</summary>
internal static class SigningShapes
{
    private static readonly string[] Digests = ["SHA-256", "SHA-384", "SHA-512"];

    public static string OrUnnamed(this string name) => name.Length > 0 ? name : "document.pdf";

    public static Proto.SignResult ToResult(this FileVerdict verdict) => new() { Size = verdict.Size, Sha256 = verdict.Sha256 ?? "", Verdict = verdict.ToProto() };

    /// <summary>The organisation's own signature; its level and its seal are the node's to say.</summary>
    public static SignatureRequest ToRequest(this Proto.SignHeader header) => new()
    {
        Role = header.Placement is null ? SignatureRole.Invisible : SignatureRole.Organization,
        Page = header.Placement?.Page,
        Rect = header.Placement.ToRectangle(),
        Reason = header.Reason.NullWhenEmpty(),
        Location = header.Location.NullWhenEmpty(),
    };

    /// <summary>A signature of whoever holds the key.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.BadRequest"/>: no such level or digest.</exception>
    public static SignatureRequest ToRequest(this Proto.PrepareSignatureHeader header) => new()
    {
        Role = header.Placement is null ? SignatureRole.Invisible : SignatureRole.Personal,
        Page = header.Placement?.Page,
        Rect = header.Placement.ToRectangle(),
        FieldName = header.Field.NullWhenEmpty(),
        Level = Level(header.Level),
        Digest = Digest(header.Digest),
        Padding = header.Pss ? SignaturePadding.Pss : SignaturePadding.Pkcs1,
        Reason = header.Reason.NullWhenEmpty(),
        Location = header.Location.NullWhenEmpty(),
    };

    private static PdfRectangle? ToRectangle(this Proto.Placement? place) =>
        place is null ? null : new PdfRectangle(place.X, place.Y, place.X + place.Width, place.Y + place.Height);

    private static BaselineLevel Level(string name) => name.Length == 0 ? BaselineLevel.Basic
        : BaselineLevels.Parse(name) ?? throw Unknown(name, "level", "mức chữ ký", BaselineLevels.All);

    private static HashAlgorithmName Digest(string name) => name.Length == 0 ? HashAlgorithmName.SHA256
        : Digests.Contains(name, StringComparer.Ordinal) ? new HashAlgorithmName(name.Replace("-", "", StringComparison.Ordinal))
        : throw Unknown(name, "digest", "thuật toán băm", Digests);

    private static SigningException Unknown(string name, string english, string vietnamese, IReadOnlyList<string> words) => new(SigningFault.BadRequest,
        $"\"{name}\" is not a {english}; choose one of {string.Join(", ", words)}.", $"«{name}» không phải {vietnamese}; chọn một trong: {string.Join(", ", words)}.");
}
