namespace VanBanDienTu.Pdf;

/// <summary>Opens a document of the standard security handler: RC4 of 40 to 128 bits, AES-128, AES-256, by the empty or a given password.</summary>
internal static class StandardSecurity
{
    /// <summary>The cipher of the file; null when it is not encrypted.</summary>
    /// <exception cref="PdfException"><see cref="PdfFault.Encrypted"/>: a password is needed, or wrong, or the encryption is none that we know.</exception>
    public static PdfCipher? Open(PdfFile file, PdfPassword? password, List<PdfFinding> findings)
    {
        if (!file.Revisions.Any(r => r.Sections.Any(s => s.Trailer.Has("Encrypt"))))
            return null;
        var view = file.At(file.Newest);
        var place = Same(file, view);
        if (view.Resolve(place) is not PdfDictionary dictionary)
            throw new PdfException(PdfFault.Encrypted, "Tệp PDF được mã hoá nhưng thông tin mã hoá không đọc được.", "The PDF is encrypted and its encryption dictionary cannot be read.");
        var values = SecurityValues.Read(view, dictionary);
        var (key, owner) = Authenticate(values, password);
        if (values.Version == 5 && !ModernKey.ConfirmsPermissions(values, key))
        {
            findings.Add(new("encryption-permissions", PdfSeverity.Warning, null, (place as PdfReference)?.Target, null,
                "Quyền hạn ghi công khai trong tệp mã hoá không khớp với bản được bảo vệ.", "The permissions that the encrypted file states openly are not those under its key."));
        }
        return new PdfCipher(view, dictionary, (place as PdfReference)?.Target, values, key) { ByOwner = owner, Permissions = values.Permissions };
    }

    /// <summary>Every revision must be encrypted in the same way: an update that drops or exchanges the encryption reads differently in each reader.</summary>
    private static PdfObject Same(PdfFile file, PdfView view)
    {
        var newest = Of(file.Newest);
        foreach (var revision in file.Revisions)
        {
            var here = Of(revision);
            var same = (here, newest) is (PdfReference a, PdfReference b) ? a.Target == b.Target : here is PdfDictionary && SmallValues.Same(view, here, view, newest);
            if (!same)
                throw new PdfException(PdfFault.Encrypted, "Các bản sửa đổi của tệp PDF không cùng một cách mã hoá.", "The revisions of the PDF are not all encrypted in the same way.", revision.StartXref);
        }
        return newest;
    }

    private static PdfObject Of(PdfRevision revision) => revision.Sections.Select(s => s.Trailer["Encrypt"]).FirstOrDefault(e => e is not PdfNull) ?? PdfNull.Instance;

    private static (byte[] Key, bool Owner) Authenticate(SecurityValues values, PdfPassword? password)
    {
        var modern = values.Version == 5;
        // The given password first: an owner's opens more than the empty one would.
        foreach (var typed in (password?.Forms ?? []).Append([]))
        {
            if ((modern ? ModernKey.ForOwner(values, typed) : LegacyKey.ForOwner(values, typed)) is { } asOwner)
                return (asOwner, true);
            if ((modern ? ModernKey.ForUser(values, typed) : LegacyKey.ForUser(values, typed)) is { } asUser)
                return (asUser, false);
        }
        throw password is null
            ? new PdfException(PdfFault.Encrypted, "Tệp PDF được mã hoá, cần mật khẩu để đọc.", "The PDF is encrypted; a password is needed to read it.")
            : new PdfException(PdfFault.Encrypted, "Mật khẩu không mở được tệp PDF mã hoá này.", "The password does not open this encrypted PDF.");
    }
}
