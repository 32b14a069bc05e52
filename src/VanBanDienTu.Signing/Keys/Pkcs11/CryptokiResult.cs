namespace VanBanDienTu.Signing.Keys.Pkcs11;

/// <summary>What a token's library answers (CK_RV): the names that matter to a user of a key, and what each means for him.</summary>
/// <remarks>Source: PKCS #11 v2.40, sections 5.1 and 5.4 and the header pkcs11t.h.</remarks>
internal static class CryptokiResult
{
    public const ulong Ok = 0;
    public const ulong DeviceRemoved = 0x32;
    public const ulong PinIncorrect = 0xa0;
    public const ulong PinLocked = 0xa4;
    public const ulong SessionHandleInvalid = 0xb3;
    public const ulong UserAlreadyLoggedIn = 0x100;
    public const ulong NotInitialized = 0x190;
    public const ulong AlreadyInitialized = 0x191;

    private static readonly Dictionary<ulong, string> Names = new()
    {
        [0x02] = "CKR_HOST_MEMORY", [0x03] = "CKR_SLOT_ID_INVALID", [0x05] = "CKR_GENERAL_ERROR", [0x06] = "CKR_FUNCTION_FAILED",
        [0x07] = "CKR_ARGUMENTS_BAD", [0x12] = "CKR_ATTRIBUTE_TYPE_INVALID", [0x21] = "CKR_DATA_LEN_RANGE", [0x30] = "CKR_DEVICE_ERROR",
        [0x31] = "CKR_DEVICE_MEMORY", [DeviceRemoved] = "CKR_DEVICE_REMOVED", [0x50] = "CKR_FUNCTION_CANCELED", [0x54] = "CKR_FUNCTION_NOT_SUPPORTED",
        [0x60] = "CKR_KEY_HANDLE_INVALID", [0x62] = "CKR_KEY_SIZE_RANGE", [0x63] = "CKR_KEY_TYPE_INCONSISTENT", [0x68] = "CKR_KEY_FUNCTION_NOT_PERMITTED",
        [0x70] = "CKR_MECHANISM_INVALID", [0x71] = "CKR_MECHANISM_PARAM_INVALID", [0x82] = "CKR_OBJECT_HANDLE_INVALID",
        [PinIncorrect] = "CKR_PIN_INCORRECT", [0xa1] = "CKR_PIN_INVALID", [0xa2] = "CKR_PIN_LEN_RANGE", [0xa3] = "CKR_PIN_EXPIRED", [PinLocked] = "CKR_PIN_LOCKED",
        [0xb0] = "CKR_SESSION_CLOSED", [0xb1] = "CKR_SESSION_COUNT", [SessionHandleInvalid] = "CKR_SESSION_HANDLE_INVALID",
        [0xe0] = "CKR_TOKEN_NOT_PRESENT", [0xe1] = "CKR_TOKEN_NOT_RECOGNIZED", [UserAlreadyLoggedIn] = "CKR_USER_ALREADY_LOGGED_IN",
        [0x101] = "CKR_USER_NOT_LOGGED_IN", [0x102] = "CKR_USER_PIN_NOT_INITIALIZED", [0x104] = "CKR_USER_ANOTHER_ALREADY_LOGGED_IN",
        [0x150] = "CKR_BUFFER_TOO_SMALL", [NotInitialized] = "CKR_CRYPTOKI_NOT_INITIALIZED", [0x200] = "CKR_FUNCTION_REJECTED",
    };

    /// <summary>The answer's name in the standard, else its number.</summary>
    public static string Name(ulong result) => Names.TryGetValue(result, out var name) ? name : $"CKR 0x{result:x8}";

    /// <summary>Whether a new session may help: the token was out for a moment, or another program closed our session.</summary>
    public static bool LostSession(ulong result) => result is DeviceRemoved or 0x30 or 0x60 or 0x82 or 0xb0 or SessionHandleInvalid or 0xe0 or 0x101 or NotInitialized;

    /// <summary>One sentence: what the token said and what to do.</summary>
    /// <param name="result">The answer, not <see cref="Ok"/>.</param>
    /// <param name="doing">What was being done, in English, for the sentence that fits no other.</param>
    /// <param name="where">The token or module, for people.</param>
    public static SigningException Fault(ulong result, string doing, string where)
    {
        var name = Name(result);
        return result switch
        {
            PinIncorrect or 0xa1 or 0xa2 => new(SigningFault.WrongPin,
                $"The PIN of {where} is wrong ({name}). It was tried once and will not be tried again, because a few wrong ones lock the token; correct the PIN file.",
                $"Sai mã PIN của {where} ({name}). Chỉ thử một lần, không thử lại vì nhập sai vài lần sẽ khóa token; hãy sửa tệp chứa mã PIN."),
            PinLocked or 0xa3 or 0x102 => new(SigningFault.PinLocked,
                $"The PIN of {where} is locked, expired or not set ({name}); ask the token's issuer to unlock it.",
                $"Mã PIN của {where} đã bị khóa, hết hạn hoặc chưa đặt ({name}); hãy đề nghị đơn vị cấp token mở khóa."),
            DeviceRemoved or 0xe0 or 0xe1 or 0x03 => new(SigningFault.TokenAbsent,
                $"{Capital(where)} is not there or was removed ({name}); plug it in and try again.",
                $"Không thấy {where} hoặc đã bị rút ({name}); hãy cắm lại rồi thử lại."),
            0xb0 or SessionHandleInvalid or 0x60 or 0x82 or 0x101 or NotInitialized => new(SigningFault.TokenAbsent,
                $"The session with {where} was lost and could not be had again ({name}); try again.",
                $"Mất phiên làm việc với {where} và không nối lại được ({name}); hãy thử lại."),
            0x62 or 0x63 or 0x68 or 0x70 or 0x71 => new(SigningFault.KeyUnsupported,
                $"The key in {where} does not sign this way ({name} while {doing}); try another digest, or without --pss.",
                $"Khóa trong {where} không ký theo cách này ({name}); hãy thử thuật toán băm khác hoặc bỏ --pss."),
            _ => new(SigningFault.KeyFailed,
                $"{Capital(where)} answered {name} while {doing}; try again, and if it stays, ask its vendor.",
                $"{Capital(where)} trả lời {name} khi thực hiện lệnh; hãy thử lại, nếu vẫn lỗi hãy hỏi nhà cung cấp."),
        };
    }

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}

/// <summary>An answer of the token's library other than CKR_OK; it becomes a <see cref="SigningException"/> before it leaves this folder.</summary>
internal sealed class CryptokiException(ulong result, string doing) : Exception($"{CryptokiResult.Name(result)} while {doing}")
{
    public ulong Result { get; } = result;

    public string Doing { get; } = doing;
}
