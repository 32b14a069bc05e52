using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using VanBanDienTu.Pdf;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Issue;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Signing.Remote;

/// <summary>A signature whose value is made elsewhere (ký từ xa, hai bước): what was asked, and the hash to be signed. Kept as one small file.</summary>
/// <remarks>It holds no secret. Nothing in it is trusted when it comes back: the hash is made again from the input, and the value must verify against that.</remarks>
public sealed record PendingSignature
{
    /// <summary>The input PDF: an absolute path.</summary>
    public required string Input { get; init; }

    /// <summary>SHA-256 of the input, lower-case hex.</summary>
    public required string InputSha256 { get; init; }

    /// <summary>The signer's certificate, DER.</summary>
    public required byte[] Certificate { get; init; }

    /// <summary>The issuers to embed, DER, nearest first.</summary>
    public required IReadOnlyList<byte[]> Chain { get; init; }

    public required string Digest { get; init; }

    public required SignaturePadding Padding { get; init; }

    public required BaselineLevel Level { get; init; }

    public required SignatureRole Role { get; init; }

    public string? FieldName { get; init; }

    public int? Page { get; init; }

    /// <summary>Left, bottom, right, top; null when no rectangle was given.</summary>
    public double[]? Rect { get; init; }

    /// <summary>What is seen, the picture's bytes included.</summary>
    public required SignatureAppearance Appearance { get; init; }

    public string? Reason { get; init; }

    public string? Location { get; init; }

    public string? ContactInfo { get; init; }

    public int? Certify { get; init; }

    public PdfFieldLock? Lock { get; init; }

    public IssueDetails? Issue { get; init; }

    public IReadOnlyList<ReservedField> Reserved { get; init; } = [];

    /// <summary>The claimed time.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>What the key must sign, as it is: the hash of the CMS signed attributes (not of the PDF), lower-case hex.</summary>
    public string SignedAttributesHash { get; init; } = "";

    /// <summary>Opens an encrypted input. It is never written: whoever completes the signature gives it again.</summary>
    [JsonIgnore]
    public PdfPassword? Password { get; init; }

    /// <summary>SHA-256 over all the other fields: tells a damaged or edited file.</summary>
    public string Seal { get; init; } = "";

    /// <summary>Room laid out for the timestamp token: the second step lays out the same, whatever was seen meanwhile.</summary>
    public int TokenRoom { get; init; }

    /// <summary>Writes it as JSON, whole or not at all.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.OutputNotWritten"/>.</exception>
    public Task SaveAsync(string path, CancellationToken cancellation = default) => OutputFile.WriteAsync(path, async temporary =>
    {
        await File.WriteAllBytesAsync(temporary, ToBytes(), cancellation);
        return true;
    });

    /// <summary>It as JSON, for whoever keeps it.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this with { Seal = ComputeSeal() });

    /// <exception cref="SigningException"><see cref="SigningFault.PreparedStateUnusable"/>: missing, not such a file, or changed since.</exception>
    public static PendingSignature Load(string path)
    {
        try
        {
            return Parse(File.ReadAllBytes(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, e);
        }
    }

    /// <summary>Reads what <see cref="ToBytes"/> gave; <paramref name="name"/> is for messages.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.PreparedStateUnusable"/>: not such a state, or changed since.</exception>
    public static PendingSignature Parse(ReadOnlySpan<byte> bytes, string name)
    {
        try
        {
            var state = JsonSerializer.Deserialize<PendingSignature>(bytes);
            if (state is not null && state.Seal == state.ComputeSeal() && state.TokenRoom is >= 0 and <= Levels.TokenRoom.Largest * 2)
                return state;
        }
        catch (Exception e) when (e is JsonException or FormatException)
        {
            throw Unreadable(name, e);
        }
        throw Unusable(name, "it was changed after it was made; prepare again", "đã bị sửa sau khi tạo; hãy chuẩn bị lại", null);
    }

    internal SignatureRequest Request() => new()
    {
        FieldName = FieldName, Page = Page, Rect = Rect is [var left, var bottom, var right, var top] ? new PdfRectangle(left, bottom, right, top) : null,
        Appearance = Appearance, Role = Role, Level = Level, Digest = new HashAlgorithmName(Digest), Padding = Padding,
        Reason = Reason, Location = Location, ContactInfo = ContactInfo, Time = Time, Password = Password, Certify = Certify, Lock = Lock, Issue = Issue, Reserved = Reserved, TokenRoom = TokenRoom,
    };

    internal static PendingSignature Of(string input, string sha256, Certificate certificate, IReadOnlyList<Certificate> chain, SignatureRequest request, DateTimeOffset time) => new()
    {
        Input = input, InputSha256 = sha256, Certificate = certificate.Der.ToArray(), Chain = [.. chain.Select(c => c.Der.ToArray())],
        FieldName = request.FieldName, Page = request.Page, Rect = request.Rect is { } r ? [r.Left, r.Bottom, r.Right, r.Top] : null,
        Appearance = request.Appearance, Role = request.Role, Level = request.Level, Digest = request.Digest.Name!, Padding = request.Padding,
        Reason = request.Reason, Location = request.Location, ContactInfo = request.ContactInfo, Time = time, Password = request.Password, Certify = request.Certify, Lock = request.Lock, Issue = request.Issue, Reserved = request.Reserved,
    };

    private string ComputeSeal() => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(this with { Seal = "" })));

    private static SigningException Unreadable(string path, Exception e) => Unusable(path, "it cannot be read", "không đọc được", e);

    internal static SigningException Unusable(string path, string english, string vietnamese, Exception? inner) => new(SigningFault.PreparedStateUnusable,
        $"The prepared signature {path} cannot be used: {english}.", $"Không dùng được chữ ký đã chuẩn bị {path}: {vietnamese}.", inner);
}
