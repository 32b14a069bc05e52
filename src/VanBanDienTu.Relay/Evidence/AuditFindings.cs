namespace VanBanDienTu.Relay.Evidence;

/// <summary>Gathers what an audit finds: one sentence for each, and no more of them than somebody can read.</summary>
internal sealed class AuditFindings
{
    private const string CompareVi = "giữ nguyên cơ sở dữ liệu làm chứng và so với bản sao lưu gần nhất (vbdt audit BẢN-SAO-LƯU)";
    private const string CompareEn = "leave the database as it is and compare with the latest backup (vbdt audit BACKUP)";

    private readonly List<Found> kept = [];
    private readonly Dictionary<(string Code, string Node, string About), Found> same = [];

    public IReadOnlyList<AuditFinding> Kept => [.. kept.Select(found => found.Say())];

    public long Broken { get; private set; }

    public long Undecided { get; private set; }

    public void Missing(string node, long from, long to)
    {
        var (vi, en) = from == to ? ($"hàng {from}", $"row {from} is") : ($"các hàng {from}–{to}", $"rows {from}–{to} are");
        Add("ROW_MISSING", node, from, $"thiếu {vi}: đã bị xóa; {CompareVi}.", $"{en} missing; {CompareEn}.");
    }

    public void Changed(string node, long row) => Add(
        "ROW_CHANGED", node, row, $"hàng {row} (hoặc mã băm của hàng trước) đã bị sửa sau khi ghi; {CompareVi}.",
        $"row {row} (or the hash of the one before) was changed after it was written; {CompareEn}.");

    public void Cut(string node, long last, long issued, string where) => Add(
        "LOG_CUT", node, last + 1, $"sổ dừng ở hàng {last}, nhưng {where} ghi đã cấp đến hàng {issued}: phần cuối đã mất; {CompareVi}.",
        $"the log ends at row {last}, but {where} says that {issued} were issued: its end is gone; {CompareEn}.");

    public void Exchanged(string node, long row, string where) => Add(
        "LOG_EXCHANGED", node, row, $"hàng {row} khác với hàng đã cấp theo {where}: sổ đã bị thay; {CompareVi}.",
        $"row {row} is not the one that was issued as {where} says: the log was exchanged; {CompareEn}.");

    public void BadSignature(string node, long row, string vi, string en) => Add(
        "SIGNATURE_INVALID", node, row, $"hàng {row}: chữ ký không đúng ({vi}); hàng này không còn là chứng cứ, lấy lại từ bản sao lưu hoặc nơi đã cấp.",
        $"row {row}: its signature does not hold ({en}); it proves nothing any more, take it from a backup or from who issued it.");

    /// <summary>Of many rows for the same reason: told once.</summary>
    public void UnknownSigner(string node, long row, string vi, string en) => AddSame(
        "SIGNER_UNKNOWN", node, row, en, rows => $"{rows}: chưa kết luận được chữ ký ({vi}); thêm chứng thư gốc của người ký vào thư mục tin cậy rồi chạy lại.",
        rows => $"{rows}: the signature is not decided ({en}); put the signer's root into the trust folder and run again.", undecided: true);

    public void WrongSigner(string node, long row, string organ) => Add(
        "SIGNER_WRONG", node, row, $"hàng {row}: người ký không phải là nút của {organ}, nơi hàng này nêu; hỏi lại {organ} và coi hàng này là không có.",
        $"row {row}: its signer is not a node of {organ}, which it names; ask {organ}, and count it as nothing.");

    public void Misfiled(string node, long row, string vi, string en) => Add(
        "ROW_MISFILED", node, row, $"hàng {row}: {vi} không như nội dung đã ký; dựa vào nội dung đã ký, và {CompareVi}.",
        $"row {row}: {en} is not what the signed content says; go by the signed content, and {CompareEn}.");

    public void OtherContent(string node, long row, Guid message) => Add(
        "RECEIPT_OTHER_CONTENT", node, row, $"hàng {row}: biên nhận xác nhận nội dung khác với thông điệp {message} đang lưu; {CompareVi}.",
        $"row {row}: the receipt is for other content than the message {message} that is kept; {CompareEn}.");

    /// <summary>Of all rows about that document: told once.</summary>
    public void DocumentGone(string node, long row, string document) => AddSame(
        "DOCUMENT_MISSING", node, row, document, rows => $"{rows} nói về văn bản {document} không còn trong cơ sở dữ liệu; {CompareVi}.",
        rows => $"{rows}: about the document {document}, which is no longer in the database; {CompareEn}.");

    /// <param name="what">In both languages, such as «văn bản đi 0b3c…».</param>
    public void NoReceipt(string vi, string en) => Add(
        "RECEIPT_MISSING", "", 0, $"{vi}: không còn biên nhận trong sổ; {CompareVi}.", $"{en}: its receipt is not in the log any more; {CompareEn}.");

    public void OthersReceipt(string node, long row, string vi, string en) => Add(
        "RECEIPT_OF_ANOTHER", node, row, $"hàng {row} không phải là biên nhận của {vi}: nêu văn bản hoặc nội dung khác; {CompareVi}.",
        $"row {row} is not the receipt of {en}: it names another one, or other content; {CompareEn}.");

    private void Add(string code, string node, long row, string vi, string en) => Keep(new Found(code, node, row, false, _ => vi, _ => en));

    private void AddSame(string code, string node, long row, string about, Func<string, string> vi, Func<string, string> en, bool undecided = false)
    {
        if (same.TryGetValue((code, node, about), out var before))
        {
            before.Others++;
            Count(undecided);
            return;
        }

        var found = new Found(code, node, row, undecided, vi, en);
        Keep(found);
        if (kept.Count < AuditReport.MostFindings)
            same.Add((code, node, about), found);
    }

    private void Keep(Found found)
    {
        Count(found.Undecided);
        if (kept.Count < AuditReport.MostFindings)
            kept.Add(found);
    }

    private void Count(bool undecided)
    {
        if (undecided)
            Undecided++;
        else
            Broken++;
    }

    private sealed class Found(string code, string node, long row, bool undecided, Func<string, string> vi, Func<string, string> en)
    {
        public bool Undecided => undecided;

        /// <summary>Further rows of which the same is true.</summary>
        public long Others { get; set; }

        public AuditFinding Say()
        {
            var (vietnamese, english) = Others == 0
                ? (vi($"hàng {row}"), en($"row {row}")) : (vi($"hàng {row} và {Others} hàng khác"), en($"row {row} and {Others} others"));
            return new AuditFinding(
                code, node, row, node.Length > 0 ? $"Sổ «{node}»: {vietnamese}" : Capital(vietnamese), node.Length > 0 ? $"Log «{node}»: {english}" : Capital(english))
            {
                Undecided = undecided, Others = Others,
            };
        }

        private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
    }
}
