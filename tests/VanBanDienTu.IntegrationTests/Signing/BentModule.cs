using System.Runtime.InteropServices;
using VanBanDienTu.Signing.Keys.Pkcs11;

namespace VanBanDienTu.IntegrationTests.Signing;

/// <summary>SoftHSM's functions with chosen ones replaced by an answer: what a token does when it is pulled out, or locked.</summary>
internal sealed class BentModule
{
    public const int SlotList = 4;
    public const int CloseAllSessions = 14;
    public const int Login = 18;
    public const int Sign = 43;

    private const int Functions = 69;
    private readonly nint _list;
    private readonly SoftToken _soft;
    // A key may call a library as long as the process lives: nothing of it is ever freed.
    private static readonly System.Collections.Concurrent.ConcurrentBag<Delegate> Kept = [];

    public BentModule(SoftToken soft)
    {
        _soft = soft;
        soft.Start();
        var library = NativeLibrary.Load(soft.Module);
        var get = Marshal.GetDelegateForFunctionPointer<GetFunctionList>(NativeLibrary.GetExport(library, "C_GetFunctionList"));
        get(out var original);
        var words = new nint[Functions];
        Marshal.Copy(original, words, 0, Functions);
        _list = Marshal.AllocHGlobal(Functions * nint.Size);
        Marshal.Copy(words, 0, _list, Functions);
        Cryptoki = new Cryptoki(_list);
    }

    public Cryptoki Cryptoki { get; }

    /// <summary>How often a bent function was called.</summary>
    public int Calls { get; private set; }

    /// <summary>C_Login answers that, always.</summary>
    public void LoginAnswers(ulong result) => Bend(Login, new LoginFunction((_, _, _, _) => Answer(result)));

    /// <summary>C_Sign answers that the first <paramref name="times"/> times, and then signs.</summary>
    public void SignAnswers(ulong result, int times)
    {
        var real = Marshal.GetDelegateForFunctionPointer<SignFunction>(Marshal.ReadIntPtr(_list, (Sign + 1) * nint.Size));
        Bend(Sign, new SignFunction((session, data, length, into, size) =>
        {
            var answer = Answer(result);
            if (Calls > times)
                return real(session, data, length, into, size);
            // The real operation ends too, or the session would say that one is still active.
            real(session, data, length, into, size);
            return answer;
        }));
    }

    /// <summary>The token can be pulled out: then no slot has one, every session is gone, and signing says so.</summary>
    public void CanBePulled()
    {
        var slots = Marshal.GetDelegateForFunctionPointer<SlotListFunction>(Marshal.ReadIntPtr(_list, (SlotList + 1) * nint.Size));
        var sign = Marshal.GetDelegateForFunctionPointer<SignFunction>(Marshal.ReadIntPtr(_list, (Sign + 1) * nint.Size));
        Bend(SlotList, new SlotListFunction((present, into, count) =>
        {
            if (!IsPulled)
                return slots(present, into, count);
            Marshal.WriteIntPtr(count, 0);
            return (nuint)CryptokiResult.Ok;
        }));
        Bend(Sign, new SignFunction((session, data, length, into, size) => IsPulled ? Answer(CryptokiResult.DeviceRemoved) : sign(session, data, length, into, size)));
    }

    public bool IsPulled { get; private set; }

    public void Pull()
    {
        IsPulled = true;
        var close = Marshal.GetDelegateForFunctionPointer<CloseAllFunction>(Marshal.ReadIntPtr(_list, (CloseAllSessions + 1) * nint.Size));
        foreach (var slot in _soft.Start().Slots())
            Assert.Equal(CryptokiResult.Ok, close(slot));
    }

    public void PutBack() => IsPulled = false;

    private nuint Answer(ulong result)
    {
        Calls++;
        return (nuint)result;
    }

    private void Bend(int place, Delegate function)
    {
        Kept.Add(function);
        Marshal.WriteIntPtr(_list, (place + 1) * nint.Size, Marshal.GetFunctionPointerForDelegate(function));
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint GetFunctionList(out nint list);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint SlotListFunction(byte present, nint into, nint count);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint CloseAllFunction(nuint slot);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint LoginFunction(nuint session, nuint user, nint pin, nuint length);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate nuint SignFunction(nuint session, nint data, nuint length, nint into, nint size);
}
