using System.Runtime.InteropServices;
using System.Text;

namespace VanBanDienTu.Signing.Keys.Pkcs11;

/// <summary>The functions of a PKCS#11 library that a signing key needs, by their places in its CK_FUNCTION_LIST.</summary>
/// <remarks>
/// Source: PKCS #11 v2.40, pkcs11f.h for the order. On Unix CK_ULONG is unsigned long (as wide as a pointer) and structures have natural
/// alignment, so the first function pointer stands one pointer after the two-byte version. Windows packs otherwise and is not supported.
/// </remarks>
/// <param name="functionList">What C_GetFunctionList gave. The memory is the library's and stays as long as it is loaded.</param>
internal sealed unsafe class Cryptoki(nint functionList)
{
    private const int TokenInfoBytes = 256; // CK_TOKEN_INFO has 208
    private const ulong SerialSession = 4;

    private nint this[int place] => ((nint*)functionList)[place + 1];

    public ulong Initialize()
    {
        var arguments = stackalloc nuint[6]; // CK_C_INITIALIZE_ARGS: four callbacks, flags, reserved
        new Span<nuint>(arguments, 6).Clear();
        arguments[4] = 2; // CKF_OS_LOCKING_OK: calls come from several threads
        return ((delegate* unmanaged[Cdecl]<void*, nuint>)this[0])(arguments);
    }

    /// <summary>The slots that have a token now.</summary>
    public nuint[] Slots()
    {
        var list = (delegate* unmanaged[Cdecl]<byte, nuint*, nuint*, nuint>)this[4];
        nuint count = 0;
        Check(list(1, null, &count), "listing the slots");
        var slots = new nuint[(int)count];
        fixed (nuint* into = slots)
            Check(list(1, into, &count), "listing the slots");
        return slots[..(int)Math.Min(count, (nuint)slots.Length)];
    }

    public TokenInfo Token(nuint slot)
    {
        var info = stackalloc byte[TokenInfoBytes];
        Check(((delegate* unmanaged[Cdecl]<nuint, byte*, nuint>)this[6])(slot, info), "reading the token's description");
        var bytes = new ReadOnlySpan<byte>(info, TokenInfoBytes);
        return new TokenInfo(slot, Padded(bytes[..32]), Padded(bytes[32..64]), Padded(bytes[64..80]), Padded(bytes[80..96]), *(nuint*)(info + 96));
    }

    public nuint OpenSession(nuint slot)
    {
        nuint session;
        Check(((delegate* unmanaged[Cdecl]<nuint, nuint, void*, void*, nuint*, nuint>)this[12])(slot, (nuint)SerialSession, null, null, &session), "opening a session");
        return session;
    }

    public void CloseSession(nuint session) => ((delegate* unmanaged[Cdecl]<nuint, nuint>)this[13])(session);

    public ulong Login(nuint session, bool forOneOperation, ReadOnlySpan<byte> pin)
    {
        fixed (byte* text = pin)
            return ((delegate* unmanaged[Cdecl]<nuint, nuint, byte*, nuint, nuint>)this[18])(session, forOneOperation ? 2u : 1u, text, (nuint)pin.Length);
    }

    /// <summary>An attribute's value; null when the object has none or does not show it.</summary>
    public byte[]? Attribute(nuint session, nuint handle, ulong type)
    {
        var read = (delegate* unmanaged[Cdecl]<nuint, nuint, CkAttribute*, nuint, nuint>)this[24];
        var attribute = new CkAttribute { Type = (nuint)type };
        if (read(session, handle, &attribute, 1) != CryptokiResult.Ok || attribute.Length > 1 << 20) // CK_UNAVAILABLE_INFORMATION is the largest number
            return null;
        var value = new byte[(int)attribute.Length];
        fixed (byte* into = value)
        {
            attribute.Value = into;
            return read(session, handle, &attribute, 1) == CryptokiResult.Ok ? value[..(int)attribute.Length] : null;
        }
    }

    /// <summary>The objects of a class that have all these attributes; at most 256.</summary>
    public nuint[] Find(nuint session, ulong objectClass, params ReadOnlySpan<(ulong Type, byte[] Value)> wanted)
    {
        Span<byte> classBytes = stackalloc byte[sizeof(nuint)];
        MemoryMarshal.Write(classBytes, (nuint)objectClass);
        List<(ulong Type, byte[] Value)> all = [(CryptokiAttribute.Class, classBytes.ToArray()), .. wanted];
        var template = stackalloc CkAttribute[all.Count];
        var pins = all.ConvertAll(a => GCHandle.Alloc(a.Value, GCHandleType.Pinned));
        try
        {
            for (var i = 0; i < all.Count; i++)
                template[i] = new CkAttribute { Type = (nuint)all[i].Type, Value = (byte*)pins[i].AddrOfPinnedObject(), Length = (nuint)all[i].Value.Length };
            Check(((delegate* unmanaged[Cdecl]<nuint, CkAttribute*, nuint, nuint>)this[26])(session, template, (nuint)all.Count), "searching the token");
        }
        finally
        {
            pins.ForEach(p => p.Free());
        }
        var found = new nuint[256];
        nuint count;
        nuint result;
        fixed (nuint* into = found)
            result = ((delegate* unmanaged[Cdecl]<nuint, nuint*, nuint, nuint*, nuint>)this[27])(session, into, (nuint)found.Length, &count);
        ((delegate* unmanaged[Cdecl]<nuint, nuint>)this[28])(session);
        Check(result, "searching the token");
        return found[..(int)count];
    }

    /// <summary>Signs; <paramref name="beforeSigning"/> runs between C_SignInit and C_Sign, where an always-authenticate key wants its PIN.</summary>
    public byte[] Sign(nuint session, nuint key, CryptokiMechanism mechanism, ReadOnlySpan<byte> data, Action? beforeSigning)
    {
        var pss = stackalloc nuint[3] { (nuint)mechanism.PssHash, (nuint)mechanism.PssMask, (nuint)mechanism.PssSalt };
        var ck = stackalloc nuint[3] { (nuint)mechanism.Type, 0, 0 };
        if (mechanism.PssSalt > 0)
            (ck[1], ck[2]) = ((nuint)pss, (nuint)(3 * sizeof(nuint)));
        Check(((delegate* unmanaged[Cdecl]<nuint, void*, nuint, nuint>)this[42])(session, ck, key), "starting a signature");
        beforeSigning?.Invoke();
        var value = new byte[2048]; // RSA-16384, the largest key we sign with
        var length = (nuint)value.Length;
        fixed (byte* from = data)
        fixed (byte* into = value)
            Check(((delegate* unmanaged[Cdecl]<nuint, byte*, nuint, byte*, nuint*, nuint>)this[43])(session, from, (nuint)data.Length, into, &length), "signing");
        return value[..(int)length];
    }

    private static void Check(nuint result, string doing)
    {
        if (result != CryptokiResult.Ok)
            throw new CryptokiException(result, doing);
    }

    private static string Padded(ReadOnlySpan<byte> text) => Encoding.UTF8.GetString(text).TrimEnd(' ', '\0');

    [StructLayout(LayoutKind.Sequential)]
    private struct CkAttribute
    {
        public nuint Type;
        public byte* Value;
        public nuint Length;
    }
}

/// <summary>What a token says of itself (CK_TOKEN_INFO), the parts that an address can name.</summary>
internal sealed record TokenInfo(nuint Slot, string Label, string Manufacturer, string Model, string Serial, ulong Flags)
{
    /// <summary>Slots with a token that nobody has set up are passed over.</summary>
    public bool IsInitialized => (Flags & 0x400) != 0;

    /// <summary>The PIN is locked: trying it would be of no use.</summary>
    public bool IsLocked => (Flags & 0x40000) != 0;
}

/// <summary>The attributes and object classes that a signing key is found by.</summary>
internal static class CryptokiAttribute
{
    public const ulong Class = 0;
    public const ulong Label = 3;
    public const ulong Value = 0x11;
    public const ulong KeyType = 0x100;
    public const ulong Id = 0x102;
    public const ulong Modulus = 0x120;
    public const ulong AlwaysAuthenticate = 0x202;

    public const ulong CertificateClass = 1;
    public const ulong PrivateKeyClass = 3;
}
