namespace VanBanDienTu.Pdf;

/// <summary>What a signature's byte range covers.</summary>
public enum PdfCoverage
{
    /// <summary>Everything to the end of the file.</summary>
    WholeFile,

    /// <summary>Everything to the end of an earlier revision.</summary>
    EarlierRevision,

    /// <summary>Ends where no revision ends: part of what a reader sees is not signed.</summary>
    Partial,
}

/// <summary>The answer of the gate before any cryptography: do the signed bytes have the one lawful shape?</summary>
/// <param name="Ok">Whether the signature may be judged at all.</param>
/// <param name="Code">A stable code; <c>ok</c> when it may.</param>
/// <param name="Coverage">What the range covers.</param>
/// <param name="SignedRevision">The revision whose end the range reaches, from 1; null when it reaches none.</param>
/// <param name="Vi">The sentence in Vietnamese.</param>
/// <param name="En">The sentence in English.</param>
/// <remarks>Four numbers from 0; the gap is exactly this dictionary's /Contents; zero padding only; the range ends where a revision ends; and in the
/// form of that revision this very dictionary is the field's value. Signature wrapping and forgery need one of these to be untrue.</remarks>
public sealed record ByteRangeGate(bool Ok, string Code, PdfCoverage Coverage, int? SignedRevision, string Vi, string En)
{
    /// <summary>Judges the signature of a signed field.</summary>
    /// <param name="file">The file that the field was read from.</param>
    /// <param name="field">A field of <see cref="PdfFile.SignatureFields"/> whose <see cref="PdfSignatureField.Signature"/> is not null.</param>
    public static ByteRangeGate Judge(PdfFile file, PdfSignatureField field)
    {
        if (field.Signature is not { } signature)
            return Refuse("no-signature", "Trường chữ ký chưa được ký.", "The signature field is empty.");
        return Shape(file, signature) ?? Gap(signature) ?? End(file, field, signature);
    }

    private static ByteRangeGate? Shape(PdfFile file, PdfSignatureDictionary signature)
    {
        if (signature.Dictionary.DuplicateKeys.Count > 0)
            return Refuse("duplicate-keys", "Từ điển chữ ký ghi một khoá hai lần.", "The signature dictionary gives a key twice.");
        if (signature.ByteRange.Count != 4)
            return Refuse("byte-range-count", "ByteRange không gồm đúng bốn số.", "/ByteRange is not exactly four integers.");
        var (start, first, second, rest) = (signature.ByteRange[0], signature.ByteRange[1], signature.ByteRange[2], signature.ByteRange[3]);
        if (start != 0)
            return Refuse("byte-range-start", "ByteRange không bắt đầu từ đầu tệp.", "/ByteRange does not start at the beginning of the file.");
        if (first <= 0 || rest <= 0 || second <= first || second > file.Bytes.Length || rest > file.Bytes.Length - second)
            return Refuse("byte-range-bounds", "ByteRange chồng lên nhau hoặc vượt ra ngoài tệp.", "/ByteRange overlaps itself or reaches outside the file.");
        return null;
    }

    private static ByteRangeGate? Gap(PdfSignatureDictionary signature)
    {
        if (signature.Contents.Length == 0)
            return Refuse("contents-missing", "Từ điển chữ ký không có /Contents.", "The signature dictionary has no /Contents of its own.");
        if (signature.ContentsSpan is not { } span)
            return Refuse("contents-form", "/Contents không phải là chuỗi thập lục phân nằm trực tiếp trong tệp.", "/Contents is not a hexadecimal string standing in the file itself.");
        if (span.Start != signature.ByteRange[1] || span.End != signature.ByteRange[2])
            return Refuse("gap-mismatch", "Khoảng trống của ByteRange không đúng bằng chuỗi /Contents của chính từ điển này.",
                $"The gap of /ByteRange ({signature.ByteRange[1]}–{signature.ByteRange[2]}) is not exactly this dictionary's /Contents ({span.Start}–{span.End}).");
        if ((signature.Dictionary["Contents"] as PdfString)!.Irregular)
            return Refuse("gap-not-hex", "Trong khoảng trống có ký tự không phải chữ số thập lục phân.", "The gap holds something else than hexadecimal digits.");
        if (DerLength.Of(signature.Contents.Span) is { } length && signature.Contents.Span[length..].IndexOfAnyExcept((byte)0) >= 0)
            return Refuse("padding", "Sau chữ ký trong /Contents có dữ liệu khác số không.", "Something other than zeros follows the signature value in /Contents.");
        return null;
    }

    private static ByteRangeGate End(PdfFile file, PdfSignatureField field, PdfSignatureDictionary signature)
    {
        var end = signature.ByteRange[2] + signature.ByteRange[3];
        if (RevisionEndingAt(file, end) is not { } revision)
        {
            return new(false, "byte-range-end", PdfCoverage.Partial, null,
                "ByteRange không kết thúc ở cuối một bản sửa đổi nên không ký toàn bộ nội dung.",
                $"/ByteRange ends at {end}, where no revision of the file ends.");
        }
        var coverage = revision.Index == file.Newest.Index ? PdfCoverage.WholeFile : PdfCoverage.EarlierRevision;
        if (!HeldBy(file.At(revision), field, signature))
        {
            return new(false, "not-in-own-revision", coverage, revision.Index,
                "Từ điển chữ ký này không phải là giá trị của trường trong biểu mẫu của bản sửa đổi mà nó ký.",
                "This signature dictionary is not the field's value in the form of the revision that it signs.");
        }
        return new(true, "ok", coverage, revision.Index, "Vùng ký hợp lệ.", "The signed range is well formed.");
    }

    /// <summary>The range may end before or after the end of line that follows %%EOF.</summary>
    private static PdfRevision? RevisionEndingAt(PdfFile file, long end)
    {
        if (file.Repaired && end == file.Bytes.Length)
            return file.Newest;
        var found = file.Repaired ? null : file.Revisions.FirstOrDefault(r => end >= r.EofEnd && end <= r.End);
        // To the very end of the file is the whole file, whatever stands after the last %%EOF: it is signed too.
        return found ?? (end == file.Bytes.Length && end >= file.Newest.EofEnd ? file.Newest : null);
    }

    private static bool HeldBy(PdfView view, PdfSignatureField field, PdfSignatureDictionary signature)
    {
        foreach (var f in view.SignatureFields)
        {
            if (ReferenceEquals(f, field) || (f.Name == field.Name && f.Field == field.Field && f.Signature?.ContentsSpan == signature.ContentsSpan))
                return true;
        }
        return false;
    }

    private static ByteRangeGate Refuse(string code, string vi, string en) => new(false, code, PdfCoverage.Partial, null, vi, en);
}
