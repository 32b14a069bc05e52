using VanBanDienTu.Contracts.V1;
using VanBanDienTu.Signing;
using VanBanDienTu.Signing.Authority;
using VanBanDienTu.Signing.Keys;

namespace VanBanDienTu.Cli.Demo;

/// <summary>Makes the documents of the story: real PDFs, signed by the competent person, before the unit's gateway sees them.</summary>
internal sealed class DemoDrafts(DemoFolder folder, SampleAuthority authority)
{
    public const string Person = "person-G99.63";
    public const string LaterRevoked = "person-revoked-later";
    private const string ExemptType = "Phiếu gửi";

    /// <summary>Three documents that are as they should be, each to two recipients.</summary>
    public async Task<IReadOnlyList<DemoDocument>> GoodAsync(CancellationToken ct) =>
    [
        await SignedAsync("cong-van", Header("101", "CQM1-VP", "Công văn", "V/v gửi, nhận văn bản điện tử trên trục liên thông", "2026-10-05", 1), ["G99", "H99"], ct),
        await SignedAsync("quyet-dinh", Header("27", "QĐ-CQM1", "Quyết định", "Về việc ban hành Quy chế gửi, nhận văn bản điện tử", "2026-10-12", 2), ["G99", "G22"], ct),
        await SignedAsync("bao-cao", Header("88", "BC-CQM1", "Báo cáo", "Kết quả gửi, nhận văn bản điện tử quý III năm 2026", "2026-10-20", 7), ["G22", "H99"], ct),
    ];

    /// <summary>A document that somebody changed after the person had signed it; its type lets the unit's gateway pass it on.</summary>
    public async Task<DemoDocument> TamperedAsync(CancellationToken ct)
    {
        var document = await SignedAsync("phieu-gui-bi-sua", Header("5", "PG-CQM1", ExemptType, "Phiếu gửi có tệp bị sửa sau khi ký", "2026-10-21", 1), ["H99"], ct);
        Tampering.ChangeOneDigit(document.File);
        return document;
    }

    /// <summary>A document whose person's certificate was revoked after signing.</summary>
    public async Task<DemoDocument> RevokedAsync(CancellationToken ct)
    {
        var profile = SampleProfiles.Person(LaterRevoked) with { CommonName = "Người Đã Bị Thu Hồi (mẫu)", Variant = true };
        var key = authority.Issue(profile);
        var document = await SignedAsync("phieu-gui-thu-hoi", Header("6", "PG-CQM1", ExemptType, "Phiếu gửi ký bằng chứng thư đã bị thu hồi", "2026-10-22", 1), ["G99"], ct, LaterRevoked);
        authority.Revoke(key.Certificate);
        return document;
    }

    private async Task<DemoDocument> SignedAsync(string name, DocumentHeader header, string[] recipients, CancellationToken ct, string signer = Person)
    {
        var blank = Path.Combine(folder.Drafts, $"{name}.chua-ky.pdf");
        var signed = Path.Combine(folder.Drafts, $"{name}.pdf");
        SamplePdfs.Write(name, blank);
        using var key = Pkcs12Key.Load(authority.KeyFile(signer), authority.Password);
        await new PdfSigner(TimeProvider.System).SignAsync(blank, signed, key, Request(header), ct);
        File.Delete(blank);
        return new DemoDocument(name, signed, header, recipients);
    }

    private static DocumentHeader Header(string number, string notation, string type, string subject, string date, int pages) => new()
    {
        Number = number,
        Notation = notation,
        Place = "Hà Nội",
        PromulgationDate = date,
        TypeName = type,
        Subject = subject,
        SignerPosition = "Chánh Văn phòng",
        SignerName = "Người Ký Mẫu",
        PageCount = pages,
        ToPlaces = { "Như trên", "Lưu: VT" },
    };

    /// <summary>The person's picture goes between the position and the printed name, which is found on the page; the node puts the seal beside it (NĐ 30/2020, Phụ lục I).
    /// Neither needs a font, which a bare machine may not have.</summary>
    private static SignatureRequest Request(DocumentHeader header) => new()
    {
        Reason = $"Ký ban hành {header.Number}/{header.Notation}",
        Location = header.Place,
        Appearance = new() { Image = SamplePdfs.Read(SamplePdfs.Handwriting), Anchor = header.SignerName },
    };
}
