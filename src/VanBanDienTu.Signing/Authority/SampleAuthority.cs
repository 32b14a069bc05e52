using System.Security.Cryptography;
using VanBanDienTu.Signing.Certificates;
using VanBanDienTu.Signing.Revocation;

namespace VanBanDienTu.Signing.Authority;

/// <summary>A key that was issued: its name, its certificate, its PKCS#12 file.</summary>
public sealed record SampleKey(string Name, Certificate Certificate, string File);

/// <summary>
/// A sample certification authority in a folder: a root, an authority for officials and organisations, one for nodes,
/// OCSP responders, a timestamp authority. For trying out and for tests; its certificates carry a marker and are refused
/// as anchors unless sample trust is allowed.
/// </summary>
/// <remarks>
/// <c>trust/root.pem</c> is the anchor, <c>keys/*.p12</c> are good keys, <c>variants/*.p12</c> unusual or refused ones,
/// <c>password</c> opens all of them. Revocations are files, so a running server sees what another process revokes.
/// </remarks>
public sealed class SampleAuthority
{
    internal const string RootName = "root";
    internal const string OfficialsName = "officials";
    internal const string NodesName = "nodes";

    private readonly AuthorityFolder _folder;
    private readonly TimeProvider _time;
    private readonly SampleOcsp _ocsp;
    private readonly SampleTimestamps _timestamps;

    private SampleAuthority(AuthorityFolder folder, TimeProvider time)
    {
        _folder = folder;
        _time = time;
        BaseUrl = folder.ReadBaseUrl();
        Password = folder.ReadPassword();
        Authorities = [.. new[] { RootName, OfficialsName, NodesName }.Select(Read)];
        _ocsp = new SampleOcsp(Authorities, [.. Authorities.Select(a => Read("ocsp-" + a.Name))], folder, time);
        _timestamps = new SampleTimestamps(Read("tsa"), Authorities[1].Certificate, time);
    }

    /// <summary>The folder, as a full path.</summary>
    public string Folder => _folder.Root;

    /// <summary>Holds the root as the only anchor.</summary>
    public string TrustFolder => _folder.Trust;

    public string PasswordFile => _folder.PasswordFile;

    /// <summary>Opens every key file of this authority.</summary>
    public string Password { get; }

    /// <summary>Without a trailing slash.</summary>
    public string BaseUrl { get; }

    public string OcspUrl => BaseUrl + "/ocsp";

    public string TsaUrl => BaseUrl + "/tsa";

    /// <summary>The CRL of the authority for officials and organisations.</summary>
    public string CrlUrl => $"{BaseUrl}/crl/{OfficialsName}.crl";

    public Certificate Root => Authorities[0].Certificate;

    /// <summary>The authorities below the root.</summary>
    public IReadOnlyList<Certificate> Issuers => [.. Authorities.Skip(1).Select(a => a.Certificate)];

    public Certificate TimestampCertificate => _timestamps.Certificate;

    /// <summary>Names for <see cref="CurrentCrl"/> and <see cref="AuthorityCertificate"/>.</summary>
    public IReadOnlyList<string> AuthorityNames => [.. Authorities.Select(a => a.Name)];

    internal IReadOnlyList<SampleCa> Authorities { get; }

    /// <summary>Makes a new authority in a folder that has none yet.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.AuthorityUnusable"/>: there is one already.</exception>
    public static SampleAuthority Init(string folder, SampleAuthorityOptions? options = null, TimeProvider? time = null)
    {
        options ??= new SampleAuthorityOptions();
        time ??= TimeProvider.System;
        var place = new AuthorityFolder(folder);
        if (place.Exists)
        {
            throw new SigningException(SigningFault.AuthorityUnusable,
                $"There is a sample authority in {place.Root} already; choose another folder or delete it.",
                $"Thư mục {place.Root} đã có hệ thống chứng thư mẫu; hãy chọn thư mục khác hoặc xóa nó.");
        }
        var password = options.Password ?? Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18));
        place.Create(options.BaseUrl.TrimEnd('/'), password);
        new AuthorityFounding(place, options, time.GetUtcNow()).Found();
        var authority = new SampleAuthority(place, time);
        Parallel.ForEach(options.Profiles, profile => authority.Issue(profile, options.KeyValidity));
        return authority;
    }

    /// <summary>Opens an authority made before.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.AuthorityUnusable"/>: there is none, or it is damaged.</exception>
    public static SampleAuthority Open(string folder, TimeProvider? time = null)
    {
        var place = new AuthorityFolder(folder);
        try
        {
            if (place.Exists)
                return new SampleAuthority(place, time ?? TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw new SigningException(SigningFault.AuthorityUnusable,
                $"The sample authority in {place.Root} cannot be opened: {e.Message}",
                $"Không mở được hệ thống chứng thư mẫu trong {place.Root}.", e);
        }
        throw new SigningException(SigningFault.AuthorityUnusable,
            $"There is no sample authority in {place.Root}; make one with «vbdt pki init {folder}».",
            $"Thư mục {place.Root} chưa có hệ thống chứng thư mẫu; hãy tạo bằng «vbdt pki init {folder}».");
    }

    /// <summary>The PKCS#12 file of a key by its name, in <c>keys/</c> or <c>variants/</c>.</summary>
    public string KeyFile(string name)
    {
        var good = Path.Combine(_folder.Keys, name + ".p12");
        return File.Exists(good) ? good : Path.Combine(_folder.Variants, name + ".p12");
    }

    /// <summary>Makes a key, its certificate and its file.</summary>
    public SampleKey Issue(SampleProfile profile) => Issue(profile, new SampleAuthorityOptions().KeyValidity);

    /// <summary>Revokes a certificate of this authority. Every process that serves this folder says so at once.</summary>
    /// <param name="certificate">Any certificate issued here, an authority below the root included.</param>
    /// <param name="when">Null: now.</param>
    /// <param name="reason">A name of RFC 5280, such as «keyCompromise».</param>
    public void Revoke(Certificate certificate, DateTimeOffset? when = null, string reason = "keyCompromise")
    {
        var issuer = Authorities.FirstOrDefault(a => certificate.CheckSignedBy(a.Certificate) == SignatureCheck.Valid)
            ?? throw new SigningException(SigningFault.AuthorityUnusable,
                $"The certificate «{certificate.CommonName}» was not issued by the sample authority in {Folder}.",
                $"Chứng thư «{certificate.CommonName}» không do hệ thống mẫu trong {Folder} cấp.");
        _folder.WriteRevoked(new RevokedEntry(certificate.SerialHex, issuer.Name, when ?? _time.GetUtcNow(), RevocationReasons.Code(reason)));
    }

    /// <summary>Revokes by serial number (hexadecimal, leading zeros and colons do not matter).</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.AuthorityUnusable"/>: nothing was issued under that serial.</exception>
    public void Revoke(string serialHex, DateTimeOffset? when = null, string reason = "keyCompromise")
    {
        var serial = serialHex.Replace(":", "", StringComparison.Ordinal).TrimStart('0').ToLowerInvariant();
        serial = serial.Length % 2 == 1 ? "0" + serial : serial;
        var certificate = serial.All(char.IsAsciiHexDigit) ? _folder.FindIssued(serial) : null;
        Revoke(certificate ?? throw new SigningException(SigningFault.AuthorityUnusable,
            $"The sample authority in {Folder} has issued nothing under the serial {serialHex}.",
            $"Hệ thống mẫu trong {Folder} chưa cấp chứng thư nào có số {serialHex}."), when, reason);
    }

    /// <summary>A DER OCSP response to a DER request; an error response when the request cannot be read.</summary>
    public byte[] AnswerOcsp(ReadOnlyMemory<byte> request) => _ocsp.Answer(request);

    /// <summary>The DER CRL of one authority as of now, valid for a day; null when there is no such authority.</summary>
    public byte[]? CurrentCrl(string authority) => Find(authority) is { } ca
        ? SampleCrl.Build(ca, _folder.AllRevoked(ca.Name), _time.GetUtcNow())
        : null;

    /// <summary>The certificate of one authority; null when there is no such authority.</summary>
    public Certificate? AuthorityCertificate(string authority) => Find(authority)?.Certificate;

    /// <summary>A DER TimeStampResp to a DER TimeStampReq; a rejection when it cannot be granted.</summary>
    public byte[] AnswerTimestamp(ReadOnlyMemory<byte> request) => _timestamps.Answer(request);

    private SampleKey Issue(SampleProfile profile, TimeSpan validity)
    {
        using var key = SampleKeys.Create(profile.Key);
        var issuer = profile.Foreign ? AuthorityFounding.Foreign(_folder, _time.GetUtcNow())
            : Authorities[profile.Kind is SampleKind.Person or SampleKind.Organization ? 1 : 2];
        var certificate = ProfileCertificate.Issue(profile, key, issuer, BaseUrl, _time.GetUtcNow(), validity);
        _folder.RememberIssued(certificate);
        if (profile.Revoked)
            Revoke(certificate, _time.GetUtcNow() - TimeSpan.FromHours(1));
        var file = Path.Combine(profile.Variant ? _folder.Variants : _folder.Keys, profile.Name + ".p12");
        AuthorityFolder.WriteSecret(file, SampleKeys.Pkcs12(key, certificate, [issuer.Certificate], profile.CommonName, Password));
        return new SampleKey(profile.Name, certificate, file);
    }

    private SampleCa? Find(string name) => Authorities.FirstOrDefault(a => string.Equals(a.Name, name, StringComparison.Ordinal));

    private SampleCa Read(string name)
    {
        var (certificate, key) = _folder.ReadAuthority(name);
        return new SampleCa(name, certificate, key);
    }
}
