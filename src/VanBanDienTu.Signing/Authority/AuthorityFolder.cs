using System.Globalization;
using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Authority;

/// <summary>One revocation as its file says it.</summary>
internal sealed record RevokedEntry(string Serial, string Authority, DateTimeOffset At, int Reason);

/// <summary>Where a sample authority keeps its things. Private keys and the password are readable by their owner only.</summary>
internal sealed class AuthorityFolder(string root)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public string Root { get; } = Path.GetFullPath(root);

    public string Trust => Path.Combine(Root, "trust");

    public string Keys => Path.Combine(Root, "keys");

    public string Variants => Path.Combine(Root, "variants");

    public string Intermediates => Path.Combine(Root, "intermediates");

    public string PasswordFile => Path.Combine(Root, "password");

    private string Inner => Path.Combine(Root, "authority");

    private string BaseUrlFile => Path.Combine(Inner, "base-url");

    private string Issued => Path.Combine(Inner, "issued");

    private string Revoked => Path.Combine(Inner, "revoked");

    public bool Exists => File.Exists(BaseUrlFile);

    public void Create(string baseUrl, string password)
    {
        foreach (var folder in new[] { Trust, Keys, Variants, Intermediates, Issued, Revoked })
            Directory.CreateDirectory(folder);
        WriteSecret(PasswordFile, System.Text.Encoding.ASCII.GetBytes(password));
        File.WriteAllText(BaseUrlFile, baseUrl + "\n");
    }

    public string ReadBaseUrl() => File.ReadAllText(BaseUrlFile).Trim();

    public string ReadPassword() => File.ReadAllText(PasswordFile).Trim();

    public void WriteAuthority(string name, Certificate certificate, AsymmetricAlgorithm key)
    {
        WriteSecret(Path.Combine(Inner, name + ".key"), System.Text.Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem() + "\n"));
        File.WriteAllText(Path.Combine(Inner, name + ".pem"), certificate.ToPem() + "\n");
    }

    public (Certificate Certificate, AsymmetricAlgorithm Key) ReadAuthority(string name)
    {
        var certificate = Certificate.ParseFile(File.ReadAllBytes(Path.Combine(Inner, name + ".pem")))[0];
        AsymmetricAlgorithm key = string.Equals(certificate.PublicKey.AlgorithmName, "RSA", StringComparison.Ordinal) ? RSA.Create() : ECDsa.Create();
        key.ImportFromPem(File.ReadAllText(Path.Combine(Inner, name + ".key")));
        return (certificate, key);
    }

    public void WritePem(string path, Certificate certificate) => File.WriteAllText(path, certificate.ToPem() + "\n");

    public static void WriteSecret(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var file = new FileStream(path, options);
        file.Write(content);
    }

    public void RememberIssued(Certificate certificate) =>
        File.WriteAllBytes(Path.Combine(Issued, certificate.SerialHex + ".cer"), certificate.Der.Span);

    public bool WasIssued(string serialHex) => File.Exists(Path.Combine(Issued, serialHex + ".cer"));

    public Certificate? FindIssued(string serialHex) =>
        WasIssued(serialHex) ? Certificate.Parse(File.ReadAllBytes(Path.Combine(Issued, serialHex + ".cer"))) : null;

    /// <summary>Written beside and renamed, so that a running server sees all of it or nothing.</summary>
    public void WriteRevoked(RevokedEntry entry)
    {
        Directory.CreateDirectory(Revoked);
        var final = Path.Combine(Revoked, entry.Serial);
        var line = $"{entry.Authority} {entry.At.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} {RevocationReasons.Name(entry.Reason)}\n";
        File.WriteAllText(final + ".tmp", line);
        File.Move(final + ".tmp", final, overwrite: true);
    }

    public RevokedEntry? FindRevoked(string serialHex)
    {
        var file = Path.Combine(Revoked, serialHex);
        return File.Exists(file) ? ReadRevoked(file) : null;
    }

    // The folder may be missing: version control keeps no empty ones.
    public IEnumerable<RevokedEntry> AllRevoked(string authority) => (Directory.Exists(Revoked) ? Directory.EnumerateFiles(Revoked) : [])
        .Where(f => !f.EndsWith(".tmp", StringComparison.Ordinal))
        .Select(ReadRevoked)
        .Where(e => string.Equals(e.Authority, authority, StringComparison.Ordinal))
        .OrderBy(e => e.Serial, StringComparer.Ordinal);

    private static RevokedEntry ReadRevoked(string file)
    {
        var parts = File.ReadAllText(file).Split(' ', StringSplitOptions.TrimEntries);
        var at = DateTimeOffset.Parse(parts[1], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        return new RevokedEntry(Path.GetFileName(file), parts[0], at, RevocationReasons.Code(parts[2]));
    }
}
