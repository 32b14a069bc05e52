namespace VanBanDienTu.Axis.Vxp;

/// <summary>The words of the national axis's client protocol (VXP): operations, header names, and values that never vary.</summary>
/// <remarks>Source: the public client library SDKVXP 2.0, as described in the domain notes; arguments travel in HTTP headers.</remarks>
public static class VxpNames
{
    /// <summary>Every header of the protocol begins so; names below are without it.</summary>
    public const string Prefix = "XroadVnpt-";

    public const string SystemId = "systemid";
    public const string Timestamp = "timestamp";
    public const string ContentType = "Content-Type";
    public const string ServiceType = "servicetype";
    public const string MessageType = "messagetype";
    public const string From = "from";

    /// <summary>JSON array of organ codes; limits who a packet is for.</summary>
    public const string To = "to";
    public const string HashFile = "hash-file";
    public const string DocId = "docId";
    public const string FilePath = "filePath";
    public const string Status = "status";
    public const string Level = "level";
    public const string AgencyCode = "AgencyCode";

    public const string SignHeaderKey = "sign-header-key";
    public const string SignHeader = "sign-header";
    public const string HashHeader = "hash-header";
    public const string Version = "version";

    public const string VersionValue = "3.0.201608";
    public const string UserAgent = "JAVASDKAgent/1.0.0 XRoad/VPCP";
    public const string ServiceTypeValue = "eDoc";

    /// <summary>The field of a sendEdoc form that carries the packet.</summary>
    public const string FileField = "file_doc";

    public const string GetAgenciesList = "getAgenciesList";
    public const string GetAgenciesListQd20 = "getAgenciesListQD20";
    public const string GetSynchronizeUnit = "getSynchronizeUnit";
    public const string RegisterAgency = "registerAgency";
    public const string DeleteAgency = "deleteAgency";
    public const string SendEdoc = "sendEdoc";
    public const string GetReceivedEdocList = "getReceivedEdocList";
    public const string GetSentEdocList = "getSentEdocList";
    public const string GetEdoc = "getEdoc";
    public const string UpdateStatus = "updateStatus";
    public const string CountReceiveEdoc = "countReceiveEdoc";
    public const string CountReceiveStatus = "countReceiveStatus";
    public const string DownloadEdoc = "downloadEdoc";

    /// <summary>Every operation of the protocol.</summary>
    public static IReadOnlyList<string> Operations { get; } =
    [
        GetAgenciesList, GetAgenciesListQd20, GetSynchronizeUnit, RegisterAgency, DeleteAgency, SendEdoc, GetReceivedEdocList, GetSentEdocList, GetEdoc,
        UpdateStatus, CountReceiveEdoc, CountReceiveStatus, DownloadEdoc,
    ];
}

/// <summary>What a packet of the axis is.</summary>
public enum VxpMessageType
{
    /// <summary><c>edoc</c>: a document.</summary>
    Document,

    /// <summary><c>status</c>: a business status (01 … 16).</summary>
    Status,
}

/// <summary>The transport acknowledgement (not the business status): what a receiver did with a packet of its pending list.</summary>
public enum VxpAcknowledgement
{
    Initial,
    Processing,
    Done,
    Fail,
}

/// <summary>Their written forms.</summary>
public static class VxpWords
{
    public static string Word(this VxpMessageType type) => type == VxpMessageType.Status ? "status" : "edoc";

    public static string Word(this VxpAcknowledgement acknowledgement) => acknowledgement.ToString().ToLowerInvariant();

    public static bool TryParse(string? text, out VxpMessageType type)
    {
        type = string.Equals(text, "status", StringComparison.OrdinalIgnoreCase) ? VxpMessageType.Status : VxpMessageType.Document;
        return type == VxpMessageType.Status || string.Equals(text, "edoc", StringComparison.OrdinalIgnoreCase);
    }

    public static bool TryParse(string? text, out VxpAcknowledgement acknowledgement) =>
        Enum.TryParse(text, ignoreCase: true, out acknowledgement) && Enum.IsDefined(acknowledgement) && !char.IsAsciiDigit(text![0]);
}
