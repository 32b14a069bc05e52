using System.Text;
using VanBanDienTu.Signing.Certificates;

namespace VanBanDienTu.Signing.Keys.Pkcs11;

/// <summary>An open session with the token of an address: logged in, its private key found. Not for several threads.</summary>
internal sealed class TokenSession : IDisposable
{
    private readonly Cryptoki _cryptoki;
    private readonly nuint _session;
    private readonly nuint _key;
    private readonly bool _alwaysAuthenticate;

    private TokenSession(Cryptoki cryptoki, nuint session, nuint key, string where)
    {
        (_cryptoki, _session, _key, Where) = (cryptoki, session, key, where);
        IsRsa = Number(key, CryptokiAttribute.KeyType) == 0;
        _alwaysAuthenticate = cryptoki.Attribute(session, key, CryptokiAttribute.AlwaysAuthenticate) is [not 0];
    }

    /// <summary>The token, for messages.</summary>
    public string Where { get; }

    public bool IsRsa { get; }

    /// <exception cref="SigningException">No such token or key, the PIN is wrong or locked.</exception>
    /// <exception cref="CryptokiException">Anything else that the token answers.</exception>
    public static TokenSession Open(Cryptoki cryptoki, Pkcs11Uri uri, byte[] pin)
    {
        var token = FindToken(cryptoki, uri);
        var where = $"token «{token.Label}»";
        var session = cryptoki.OpenSession(token.Slot);
        try
        {
            if (token.IsLocked)
                throw CryptokiResult.Fault(CryptokiResult.PinLocked, "logging in", where);
            var answer = cryptoki.Login(session, forOneOperation: false, pin);
            if (answer is not (CryptokiResult.Ok or CryptokiResult.UserAlreadyLoggedIn))
                throw CryptokiResult.Fault(answer, "logging in", where);
            return new TokenSession(cryptoki, session, FindKey(cryptoki, session, uri, where), where);
        }
        catch
        {
            cryptoki.CloseSession(session);
            throw;
        }
    }

    public byte[] Sign(CryptokiMechanism mechanism, byte[] input, byte[] pin) =>
        _cryptoki.Sign(_session, _key, mechanism, input, _alwaysAuthenticate ? () => LoginForThis(pin) : null);

    /// <summary>The key's own certificate: the one with its id, else with its label.</summary>
    /// <exception cref="SigningException"><see cref="SigningFault.NoCertificate"/>.</exception>
    public Certificate Certificate()
    {
        foreach (var type in new[] { CryptokiAttribute.Id, CryptokiAttribute.Label })
        {
            if (_cryptoki.Attribute(_session, _key, type) is { Length: > 0 } value)
            {
                var found = Certificates((type, value)).Where(c => !c.IsCa).ToList();
                if (found.Count > 0)
                    return found.MaxBy(c => c.NotAfter)!; // after a renewal the old one often stays beside the new one
            }
        }
        throw new SigningException(SigningFault.NoCertificate,
            $"There is no certificate for the key in {Where}; import the certificate with the key's id (CKA_ID).",
            $"Không có chứng thư số của khóa trong {Where}; hãy nạp chứng thư số với cùng CKA_ID của khóa.");
    }

    /// <summary>Every X.509 certificate of the token that can be read.</summary>
    public List<Certificate> Certificates(params ReadOnlySpan<(ulong Type, byte[] Value)> wanted)
    {
        var certificates = new List<Certificate>();
        foreach (var handle in _cryptoki.Find(_session, CryptokiAttribute.CertificateClass, wanted))
        {
            try
            {
                if (_cryptoki.Attribute(_session, handle, CryptokiAttribute.Value) is { Length: > 0 } der)
                    certificates.Add(Signing.Certificates.Certificate.Parse(der));
            }
            catch (SigningException)
            {
                // Tokens carry what their vendors left on them; a damaged certificate of a stranger is no reason not to sign.
            }
        }
        return certificates;
    }

    /// <summary>False when the token shows the key's modulus and it is another one than the certificate's.</summary>
    public bool Fits(Certificate certificate)
    {
        if (IsRsa != (certificate.PublicKey.AlgorithmName == "RSA"))
            return false;
        return !IsRsa || _cryptoki.Attribute(_session, _key, CryptokiAttribute.Modulus) is not { Length: > 0 } modulus
            || certificate.PublicKey.KeyBits.Span.IndexOf(modulus.AsSpan().TrimStart((byte)0)) >= 0;
    }

    public void Dispose() => _cryptoki.CloseSession(_session);

    private void LoginForThis(byte[] pin)
    {
        var answer = _cryptoki.Login(_session, forOneOperation: true, pin);
        if (answer is not (CryptokiResult.Ok or CryptokiResult.UserAlreadyLoggedIn))
            throw new CryptokiException(answer, "logging in for one signature");
    }

    private static TokenInfo FindToken(Cryptoki cryptoki, Pkcs11Uri uri)
    {
        var all = cryptoki.Slots().Select(cryptoki.Token).Where(t => t.IsInitialized).ToList();
        var fitting = all.Where(t => Is(uri.Token, t.Label) && Is(uri.Serial, t.Serial) && Is(uri.Manufacturer, t.Manufacturer)
            && Is(uri.Model, t.Model) && (uri.SlotId is null || uri.SlotId == t.Slot)).ToList();
        if (fitting.Count == 1)
            return fitting[0];
        var present = all.Count == 0 ? "–" : string.Join(", ", all.Select(t => $"«{t.Label}»"));
        throw fitting.Count == 0
            ? new SigningException(SigningFault.TokenAbsent,
                $"The token {uri.Token ?? ""} is not there; the module sees: {present}. Plug it in, or correct the address.",
                $"Không thấy token {uri.Token ?? ""}; mô-đun chỉ thấy: {present}. Hãy cắm token hoặc sửa địa chỉ.")
            : new SigningException(SigningFault.KeyAddressInvalid,
                $"{fitting.Count} tokens fit the address ({present}); add token= or serial=.",
                $"Có {fitting.Count} token khớp địa chỉ ({present}); hãy thêm token= hoặc serial=.");
    }

    private static nuint FindKey(Cryptoki cryptoki, nuint session, Pkcs11Uri uri, string where)
    {
        var wanted = new List<(ulong, byte[])>();
        if (uri.Object is { } label)
            wanted.Add((CryptokiAttribute.Label, Encoding.UTF8.GetBytes(label)));
        if (uri.Id is { } id)
            wanted.Add((CryptokiAttribute.Id, id));
        var keys = cryptoki.Find(session, CryptokiAttribute.PrivateKeyClass, [.. wanted]);
        return keys switch
        {
            [var only] => only,
            [] => throw new SigningException(SigningFault.TokenKeyNotFound,
                $"{Named(uri, "There is no private key")} in {where}; see what it holds with: pkcs11-tool --login --list-objects.",
                $"{Named(uri, "Không có khóa bí mật")} trong {where}; xem nội dung bằng: pkcs11-tool --login --list-objects."),
            _ => throw new SigningException(SigningFault.TokenKeyNotFound,
                $"{keys.Length} private keys of {where} fit the address; add object= or id=.",
                $"Có {keys.Length} khóa bí mật của {where} khớp địa chỉ; hãy thêm object= hoặc id=."),
        };
    }

    private static string Named(Pkcs11Uri uri, string words) =>
        words + (uri.Object is { } label ? $" «{label}»" : "") + (uri.Id is { } id ? $" id={Convert.ToHexStringLower(id)}" : "");

    private static bool Is(string? wanted, string value) => wanted is null || string.Equals(wanted, value, StringComparison.Ordinal);

    private ulong? Number(nuint handle, ulong type) =>
        _cryptoki.Attribute(_session, handle, type) is { Length: 8 } value ? BitConverter.ToUInt64(value) : null;
}
