using System.Security.Cryptography;
using System.Security.Cryptography.Pkcs;
using System.Security.Cryptography.X509Certificates;

namespace VanBanDienTu.Signing.Keys;

/// <summary>Opens a PKCS#12 file and names exactly what is wrong with it; the password never gets into a message.</summary>
internal static class Pkcs12File
{
    public static byte[] Read(string path)
    {
        try
        {
            if (new FileInfo(path).Length <= Pkcs12Key.MaxBytes)
                return File.ReadAllBytes(path);
            throw Unreadable(Path.GetFileName(path), $"it is larger than {Pkcs12Key.MaxBytes} bytes", null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SigningException(SigningFault.KeyUnreadable, $"The key file {path} cannot be read: {e.Message}",
                $"Không đọc được tệp khóa {path}: {e.Message}", e);
        }
    }

    /// <summary>Checks the form and the password by the file's own MAC, before any key is decrypted.</summary>
    public static void Check(byte[] pkcs12, string password, string name)
    {
        try
        {
            var info = Pkcs12Info.Decode(pkcs12, out _, skipCopy: true);
            if (info.IntegrityMode == Pkcs12IntegrityMode.Password && !info.VerifyMac(password))
                throw new SigningException(SigningFault.WrongPassword, $"The password of the key file {name} is wrong.",
                    $"Sai mật khẩu của tệp khóa {name}.");
        }
        catch (CryptographicException e)
        {
            throw Unreadable(name, "it is not a PKCS#12 file", e);
        }
    }

    public static X509Certificate2Collection Open(byte[] pkcs12, string password, string name)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12Collection(pkcs12, password, X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (CryptographicException e)
        {
            throw Unreadable(name, "its contents cannot be decrypted", e);
        }
    }

    /// <summary>Why no certificate of the file came with a private key.</summary>
    public static SigningException NoUsableKey(byte[] pkcs12, string password, string name, int certificates)
    {
        if (!HasKey(pkcs12, password))
            return new SigningException(SigningFault.NoPrivateKey,
                $"The key file {name} holds no private key; export it again with the private key.",
                $"Tệp khóa {name} không có khóa bí mật; hãy xuất lại kèm khóa bí mật.");
        return certificates == 0
            ? new SigningException(SigningFault.NoCertificate,
                $"The key file {name} holds a private key but no certificate; export it again with its certificate.",
                $"Tệp khóa {name} có khóa bí mật nhưng không có chứng thư số; hãy xuất lại kèm chứng thư số.")
            : DoesNotMatch(name);
    }

    public static SigningException DoesNotMatch(string name) => new(SigningFault.KeyDoesNotMatch,
        $"The private key in {name} does not belong to the certificate in it.",
        $"Khóa bí mật trong {name} không khớp với chứng thư số đi kèm.");

    private static bool HasKey(byte[] pkcs12, string password)
    {
        try
        {
            foreach (var contents in Pkcs12Info.Decode(pkcs12, out _, skipCopy: true).AuthenticatedSafe)
            {
                if (contents.ConfidentialityMode == Pkcs12ConfidentialityMode.Password)
                    contents.Decrypt(password);
                if (contents.GetBags().Any(bag => bag is Pkcs12KeyBag or Pkcs12ShroudedKeyBag))
                    return true;
            }
        }
        catch (CryptographicException)
        {
            // The loader opened it, so the parts that we cannot open hold no key that it could use.
        }
        return false;
    }

    private static SigningException Unreadable(string name, string why, Exception? inner) => new(SigningFault.KeyUnreadable,
        $"The key file {name} cannot be used: {why}.", $"Không dùng được tệp khóa {name}: {why}.", inner);
}
