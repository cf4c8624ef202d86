"""Names of protected traits, and of what stands in for them."""

from __future__ import annotations

from equipoise.contract.lexicon.terms import Terms, phrases, terms

# More telling traits first: the country of birth is an origin, not an age.
_TRAITS: dict[str, Terms] = {
    "nationality": terms("""
        nationality nationalities foreign foreigner citizenship citizen immigrant immigration
        migrant birth_country country_of_birth place_of_birth birthplace country_of_origin
        national_origin visa_status residence_permit nacionalidad nacionalidade nationalite
        nationalitat nationalitaet staatsangehorigkeit staatsangehoerigkeit staatsburgerschaft
        auslander auslaender gastarb* nazionalita cittadinanza nationaliteit obywatelstwo
        narodowosc гражданств* громадянств* uyruk uyrugu kewarganegaraan warga_negara quoc_tich
        statni_prislusnost narodnost kansalaisuus medborgarskap statsborgerskap cetatenie υπηκοοτητα
        国籍 國籍 户籍 戶籍 籍贯 국적 الجنسية جنسية राष्ट्रीयता สัญชาติ אזרחות
    """),
    "marital status": terms("""
        marital marital_status maritalstatus married marriage divorced divorcee single spouse
        widow widowed widower family_status familystatus fam_status civil_status civilstatus
        personal_status matrimonial casado casada soltero soltera estado_civil est_civil edo_civil
        viudo viuda conyuge etat_civil situation_familiale sit_fam situation_matrimoniale
        situation_maritale celibataire conjoint familienstand verheiratet ledig zivilstand
        stato_civile coniugato celibe burgerlijke_staat gehuwd huwelijkse_staat stan_cywilny
        zonaty семейн* семеино* брак брачн* женат замужем сiмеин* medeni_hal medeni_hali
        medeni_durum evli status_perkawinan status_nikah status_kawin perkawinan hon_nhan
        tinh_trang_hon_nhan rodinny_stav civilstand civilstatus sivilstand sivilstatus
        siviilisaaty csaladi_allapot stare_civila οικογενειακη_κατασταση
        婚姻 婚否 配偶 已婚 未婚 결혼 혼인 الحالة_الاجتماعية वैवाहिक สถานภาพสมรส מצב_משפחתי
    """),
    "sex": terms("""
        sex sexes gender gend male female males females woman women sexo genero sexe genre sesso
        genere geschlecht anrede salutation civilite geslacht plec пол стать cinsiyet pohlavi
        pohlavie kon kjonn koen sukupuoli sexul jenis_kelamin kelamin gioi_tinh kasarian jinsia
        hombre mujer homme femme mannlich weiblich maschio femmina sexual_orientation lgbt* φυλο
        pregnan* 性别 性別 성별 الجنس जेंडर लिंग เพศ מין מגדר
    """),
    "race or ethnicity": terms("""
        race races racial ethnic ethnicity ethnic_group ethnie etnia etnico etnica etniczn* raza
        raca rasse cor_raca hispan hispanic latino latina afam afroam* black white asian
        minority caste tribe tribal tribu indigenous indigena aboriginal hautfarbe
        этнич* раса irk suku dan_toc etnicita 民族 种族 種族 人種 族群 인종 민족 العرق जाति
    """),
    "religion": terms("""
        religion religious relig faith denomination confession konfession religiao religione
        religie godsdienst wyznanie религи* вероисповедан* dini agama ton_giao nabozenstvi
        uskonto muslim christian hindu jewish 宗教 信仰 종교 الديانة धर्म ศาสนา דת
    """),
    "disability or health": terms("""
        disability disabled disabilities handicap handicapped discapacidad discapacitado
        deficiencia handicape behinderung behindert schwerbehindert disabilita invalidita
        handicapt niepelnosprawn* инвалид* инвалидн* engelli disabilitas health_status
        medical_condition illness diagnosis 残疾 殘疾 残障 障害 障がい 장애 إعاقة विकलांग
    """),
    "public assistance": terms("public_assistance welfare food_stamps social_welfare 低保"),
    "political opinion": terms("political_party politics trade_union union_member 政治面貌"),
    "age": terms("""
        age ages aged dob yob birth birthday birthdate birthyear birth_year born date_of_birth
        year_of_birth senior_citizen generation edad nacimiento fecha_nac f_nac fec_nac fnac
        idade nascimento data_nasc dt_nasc nasc naissance date_naiss annee_naissance naiss alter
        geburt geburtsdatum geburtsjahr geburtstag gebdat gebjahr geb_datum eta data_nascita
        nascita anno_nascita leeftijd geboorte geboortedatum geboortejaar wiek urodz* data_ur
        возраст* рожден* вiк_клiента yas yasi dogum* dogum_tarihi umur usia lahir tgl_lahir tuoi
        ngay_sinh nam_sinh vek narozen* datum_narozeni narodenia alder fodsel* fodt fodelse*
        fodselsdato ika syntyma* varsta nastere* ηλικια 年龄 年齡 年齢 出生 生日 生年 岁数
        나이 연령 생년 العمر عمر الميلاد आयु उम्र जन्म อายุ วันเกิด גיל
    """),
}
# the age of a thing is not the age of a person, a single loan is not a single person
_OF_A_THING = terms("""
    account accounts acct business car company credit file firm house line loan months oldest
    product property tl trade trades tradeline vehicle building home debt bureau premise payment
    currency exchange portfolio employment job card balance newest average asset collateral
""")
_OF_MORE_THAN_PEOPLE = terms("""
    age ages aged single alter foreign generation black white kon eta yas irk faith race male born
""")

_PLACES = terms("""
    city town village suburb neighbourhood neighborhood district county ward commune municipality
    municipio ciudad cidade ville bairro barrio colonia distrito quartier stadt ort wohnort
    stadtteil bezirk gemeinde comune provincia quartiere plaats woonplaats stad gemeente miasto
    miejscowosc powiat wojewodztwo город раион region province state addr_state address street
    calle rua strasse adres sehir ilce kota kecamatan kelurahan kabupaten tinh thanh_pho
    branch branch_code branch_id sucursal agencia agence filiale filial sube cabang
    latitude longitude lat lon lng census_tract census tract msa geo* locality location
    城市 省份 区县 地址 住址 地区 支行 网点 住所 都道府県 지역 주소 지점 المدينة शहर
""")
_NAMES = terms("""
    surname lastname last_name family_name firstname first_name given_name maiden_name full_name
    customer_name borrower_name applicant_name client_name apellido apellidos nombre sobrenome
    nome nom prenom nachname vorname cognome achternaam voornaam nazwisko imie фамилия имя soyad
    soyadi ad_soyad nama_lengkap nama ho_ten 姓名 姓氏 名字 氏名 이름 성명 الاسم नाम
""")
_LANGUAGES = terms("""
    language lang mother_tongue native_language idioma lengua lingua langue sprache muttersprache
    taal jezyk язык dil bahasa ngon_ngu 语言 母语 言語 언어 اللغة भाषा
""")
_SCHOOLS = terms(
    "school university college alma_mater universidad universite universitat 学校 院校"
)
_FAMILY = terms("""
    children childcount kids dependents dependants dependent hijos filhos enfants kinder figli
    kinderen dzieci дети детеи cocuk cnt_fam_members family_size fam_size 子女 小孩 자녀
""")
_PROXIES: tuple[tuple[Terms, str], ...] = (
    (_NAMES, "a person's name stands in for sex, religion and origin"),
    (_LANGUAGES, "a language stands in for nationality and ethnicity"),
    (_SCHOOLS, "a school stands in for sex, race and origin"),
    (_FAMILY, "children and dependants stand in for marital status and sex"),
    (_PLACES, "a place stands in for race, ethnicity and religion"),
)
_POSTAL = terms("""
    zip zips zipcode zip_code zip_cd zipcd postcode post_code postal postalcode postal_code
    postcd pincode pin_code pin plz postleitzahl cep cap codigo_postal cod_postal codpostal
    codigopostal cp code_postal codice_postale codice_avviamento postcode_area outcode
    postnummer postnr postinumero postcodes kod_pocztowy kod_poczt psc iranyitoszam cod_postal
    индекс почтов* posta_kodu postakodu kode_pos kodepos ma_buu_chinh mabuuchinh eircode
    邮编 邮政编码 郵便番号 郵遞區號 우편번호 الرمز_البريدي पिन_कोड รหัสไปรษณีย์ מיקוד
""")
_PROXY_OF_POSTAL = "a postal code stands in for race, ethnicity and religion"


def protected_kind(header: str) -> str:
    """Which protected trait a column's name suggests; empty when none."""
    for trait, named in _TRAITS.items():
        term = named.within(header)
        if term and not (_OF_MORE_THAN_PEOPLE.has(term) and _OF_A_THING.within(header)):
            return trait
    return ""


def proxy_kind(header: str) -> str:
    """Which protected traits a column stands in for, as a sentence; empty when none."""
    if sounds_postal(header):
        return _PROXY_OF_POSTAL
    return next((text for named, text in _PROXIES if named.within(header)), "")


def sounds_postal(header: str) -> bool:
    """Whether the name is that of a postal code, whose digits are no quantity."""
    term = _POSTAL.within(header)
    # CAP, CEP, PIN and CP are also parts of other names: alone, or beside a code, they are postal
    short = term in ("cap", "cep", "cp", "pin", "psc")
    beside = terms("code number no nr cliente client customer residenza residencia id 3 5")
    others = [phrase for phrase in phrases(header) if not phrase.startswith(term)]
    return bool(term) and (not short or all(beside.has(other) for other in others))
